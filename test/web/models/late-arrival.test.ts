import { describe, it } from "vitest";
import { lateBy } from "../../../src/web/models/late-arrival.ts";

describe("a message that came late", () => {
  it.for<[string, { minutes: number; fromMe?: boolean; isHistory?: boolean }, number | null]>([
    ["in time", { minutes: 0 }, null],
    ["a moment later", { minutes: 4.9 }, null],
    ["minutes later", { minutes: 5 }, 300_000],
    ["before it was written, by clocks that differ", { minutes: -3 }, null],
    ["imported", { minutes: 600, isHistory: true }, null],
    ["our own", { minutes: 600, fromMe: true }, null],
  ])("%s", ([, { minutes, fromMe = false, isHistory = false }, expected], { expect }) => {
    const createdAt = "2026-11-29T05:00:00.000Z";
    const receivedAt = new Date(Date.parse(createdAt) + minutes * 60_000).toISOString();
    expect(lateBy({ fromMe, isHistory, createdAt, receivedAt })).toBe(expected);
  });
});
