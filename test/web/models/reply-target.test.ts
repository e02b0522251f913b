import { describe, it } from "vitest";
import { replyTarget } from "../../../src/web/models/reply-target.ts";

const aRow = (id: number, wamid: string | null, revokedAt: string | null = null) => ({
  id,
  wamid,
  revokedAt,
});

const echo = aRow(1, "wamid.x");
const ours = aRow(2, "wamid.x");
const sending = aRow(2, null);
const revoked = aRow(2, "wamid.x", "2026-05-01T12:00:00Z");

describe("the message that a reply is to", () => {
  it.for([
    ["is found by its id", [echo, sending], 1, null, echo],
    ["is the one that its echo gave way to", [ours], 1, echo, ours],
    ["is still the echo while both are there", [ours, echo], 1, echo, echo],
    ["is none without a choice", [ours], null, echo, null],
    ["is none where another was shown", [ours], 3, echo, null],
    ["is none without a wamid in common", [sending], 1, aRow(1, null), null],
    ["is none once it is revoked", [revoked], 1, echo, null],
    ["is none before the messages are there", undefined, 1, echo, null],
  ] as const)("%s", ([, messages, id, shown, expected], { expect }) => {
    expect(replyTarget(messages, id, shown)).toBe(expected);
  });
});
