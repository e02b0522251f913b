import fc from "fast-check";
import { describe, it } from "vitest";
import { aCustomer, anOrganization, type Ground } from "../support/build.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import { aTextOf, chatOf, ingestItems, logOf, messageOf, statusesOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const errors = [{ code: 131047, title: "Re-engagement message" }];
const status = (wamid: string, name: string, seconds: number): Item =>
  aStatus(wamid, name, { at: later(seconds), ...(name === "failed" && { errors }) });

/** The statuses in the order in which they come, the status they leave, and whether an error stands with it. */
const ladders: [came: string, holds: string, hasError: boolean][] = [
  ["sent", "sent", false],
  ["sent delivered read played", "played", false],
  ["played read delivered sent", "played", false],
  ["read sent", "read", false],
  ["read delivered delivered", "read", false],
  ["accepted", "sent", false],
  ["sent failed", "failed", true],
  ["failed sent", "failed", true],
  ["failed accepted", "failed", true],
  ["failed delivered", "delivered", false],
  ["delivered failed", "delivered", false],
  ["read failed sent", "read", false],
  ["tomorrow", "sent", false],
  ["deleted failed warning", "failed", true],
];

describe("a message's status", () => {
  it.for(ladders)("after %s is %s", async ([came, holds, hasError], { expect }) => {
    const statuses = came.split(" ");
    for (const together of [true, false]) {
      const { ground, wamid } = await anEcho();
      const items = statuses.map((name, i) => status(wamid, name, i + 1));
      if (together) await ingestItems(ground, ...items);
      else for (const item of items) await ingestItems(ground, item);
      const message = await messageOf(ground, wamid);
      expect(message.status).toBe(holds);
      expect(message.error?.metaCode ?? null).toBe(hasError ? 131047 : null);
      const stored = await statusesOf(ground);
      expect(new Set(stored.map((row) => row.status))).toEqual(new Set(statuses));
      expect(stored.every((row) => row.messageId === message.id && row.seq !== null)).toBe(true);
    }
  });

  it("and each status's earliest time are the same in any order, repetition and batching", async ({
    expect,
  }) => {
    const anyStatus = fc.constantFrom("sent", "delivered", "read", "failed", "played", "tomorrow");
    const reported = fc.array(fc.tuple(anyStatus, fc.nat(9), fc.boolean()), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(reported, async (reports) => {
        const { ground, wamid } = await anEcho();
        const batch: Item[] = [];
        for (const [name, seconds, ends] of reports) {
          batch.push(status(wamid, name, seconds));
          if (ends) await ingestItems(ground, ...batch.splice(0));
        }
        await ingestItems(
          ground,
          ...batch,
          ...reports.map(([name, seconds]) => status(wamid, name, seconds)),
        );
        const message = await messageOf(ground, wamid);
        const names = new Set<string>(reports.map(([name]) => name));
        const highest = ["played", "read", "delivered", "failed"].find((rung) => names.has(rung)) ?? "sent";
        expect(message.status).toBe(highest);
        expect(message.error !== null).toBe(highest === "failed");
        const times = Object.fromEntries((await statusesOf(ground)).map((s) => [s.status, s.happenedAt]));
        for (const name of names) {
          const seconds = reports.filter(([other]) => other === name).map(([, at]) => at);
          expect(times[name]).toEqual(later(Math.min(...seconds)));
        }
        expect((await chatOf(ground)).head).toBe(1 + names.size);
      }),
      { numRuns: 40 },
    );
  });

  it("has the same error in any order when two failures have the same second", async ({ expect }) => {
    const failures = [131026, 131047];
    const found = [];
    for (const codes of [failures, failures.toReversed()]) {
      for (const size of [1, 2]) {
        const { ground, wamid } = await anEcho();
        const reported = codes.map((code) => aStatus(wamid, "failed", { at: NOON, errors: [{ code }] }));
        for (let i = 0; i < reported.length; i += size)
          await ingestItems(ground, ...reported.slice(i, i + size));
        found.push((await messageOf(ground, wamid)).error?.metaCode);
      }
    }
    expect(failures).toContain(found[0]);
    expect(new Set(found).size).toBe(1);
  });

  it("numbers each new status once, with its time", async ({ expect }) => {
    const { ground, wamid } = await anEcho();
    await ingestItems(ground, status(wamid, "read", 2), status(wamid, "sent", 1));
    await ingestItems(ground, status(wamid, "sent", 1), status(wamid, "delivered", 3));
    const message = await messageOf(ground, wamid);
    const states = ["sent", "read", "delivered"].map((name, i) => ({
      seq: i + 2,
      event: "message.updated",
      messageId: message.id,
      data: { status: name },
    }));
    expect((await logOf(message.chatId)).slice(1)).toMatchObject(states);
  });
});

describe("a status that comes before its message", () => {
  it.for(["in the same batch", "in a batch before"])("waits for the echo %s", async (when, { expect }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    const echo = aTextOf("Ours", { to: aCustomer(), wamid, at: NOON });
    const statuses = [status(wamid, "delivered", 1), status(wamid, "read", 2)];
    if (when === "in the same batch") await ingestItems(ground, ...statuses, echo);
    else {
      expect((await ingestItems(ground, ...statuses)).events).toEqual([]);
      expect(await statusesOf(ground)).toMatchObject([
        { status: "delivered", messageId: null, seq: null },
        { status: "read", messageId: null, seq: null },
      ]);
      await ingestItems(ground, echo);
    }
    const message = await messageOf(ground, wamid);
    expect(message.status).toBe("read");
    const joined = (await statusesOf(ground)).map(({ messageId, seq }) => [messageId, seq !== null]);
    expect(joined).toEqual([
      [message.id, true],
      [message.id, true],
    ]);
  });

  it("does not attach to a customer's message", async ({ expect }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    await ingestItems(ground, aTextOf("Theirs", { from: aCustomer(), wamid }), status(wamid, "read", 1));
    expect(await messageOf(ground, wamid)).toMatchObject({ fromMe: false, status: null });
    expect(await statusesOf(ground)).toMatchObject([{ messageId: null }]);
  });
});

/** A message that was written in the phone's own app, at noon: its status is `sent`. */
async function anEcho(): Promise<{ ground: Ground; wamid: string }> {
  const ground = await anOrganization();
  const wamid = aWamid();
  await ingestItems(ground, aTextOf("Ours", { to: aCustomer(), wamid, at: NOON }));
  return { ground, wamid };
}
