import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { type Agent, anAgent } from "../chaos/agents.ts";
import { spoolDepth } from "../chaos/settle.ts";
import { finalState } from "../support/final-state.ts";
import { adapted, foreignBodies } from "./foreign-bodies.ts";
import { ownSystem, PHONE_NUMBER_ID, postSigned } from "./own-system.ts";

const bodies = foreignBodies();
console.info(`Webhook bodies of other projects, posted to the Worker: ${bodies.length}`);

describe.runIf(bodies.length > 0)("the webhook bodies of other projects", { timeout: 300_000 }, () => {
  const system = ownSystem();
  let admin: Agent;
  beforeAll(async () => {
    admin = await anAgent(system.url, 1);
  });

  /** Empties the database, posts these, and gives what is stored then. */
  async function storedAfter(texts: string[]) {
    await system.database.query(
      'truncate "Contact", "Chat", "Message", "ChatEvent", "MessageStatus", "MessageSearch", "WebhookEvent" restart identity cascade',
    );
    return await storedAlso(texts);
  }

  async function storedAlso(texts: string[]) {
    const answers = [];
    for (const text of texts) answers.push(await postSigned(system.url, text));
    // What a busy machine has put into the spool is stored a moment later.
    await expect.poll(() => spoolDepth(admin)).toBe(0);
    const { state, faults } = await finalState(system.database.db, 1);
    const storedEvents = (await system.database.db.select().from(webhookEvents)).map(
      ({ hash, reason }) => `${hash} ${reason}`,
    );
    return { answers, faults, state: { ...state, storedEvents: storedEvents.sort() } };
  }

  it("are all answered by 200 and stored without loss", async ({ expect }) => {
    const texts = bodies.map((body) => adapted(body, PHONE_NUMBER_ID, false));
    const events = texts.flatMap((text) => flatten(new TextEncoder().encode(text)));
    const { answers, faults, state } = await storedAfter(texts);
    expect(answers).toEqual(texts.map(() => 200));
    expect(faults).toEqual([]);
    const eventsWithWamid = (kind: string) =>
      events.flatMap((event) => (event.kind === kind && "wamid" in event ? [event] : []));
    // A call has a row of its own besides the messages that report it.
    const calls = events.flatMap((event) =>
      event.kind === "message" && event.amends === "call" ? [event.refersTo] : [],
    );
    const wamids = new Set([...eventsWithWamid("message").map(({ wamid }) => wamid), ...calls]);
    expect(new Set(state.messages.map(({ wamid }) => wamid))).toEqual(wamids);
    expect(state.messages).toHaveLength(wamids.size);
    const states = events.flatMap((event) =>
      event.kind === "status" ? [`${event.wamid} ${event.status} ${event.participant}`] : [],
    );
    expect(new Set(state.statuses.map((row) => `${row.wamid} ${row.status} ${row.participant}`))).toEqual(
      new Set(states),
    );
    const notices = events.flatMap((event) => (event.kind === "notice" ? [event.source ?? event.raw] : []));
    const hashes = new Set(
      notices.map((source) =>
        createHash("sha256")
          .update(source ?? "")
          .digest("hex"),
      ),
    );
    expect(new Set(state.storedEvents.map((row) => row.split(" ")[0]))).toEqual(hashes);
    for (const set of [wamids, new Set(states), hashes]) expect(set.size).toBeGreaterThan(0);
    expect((await storedAlso(texts)).state).toEqual(state);
    console.info(`${wamids.size} messages, ${new Set(states).size} states, ${hashes.size} other events`);
  });

  it("leave the same state in any order", async ({ expect }) => {
    const texts = bodies.map((body) => adapted(body, PHONE_NUMBER_ID, true));
    const first = await storedAfter(texts);
    expect(first.faults).toEqual([]);
    for (const seed of ["one", "two", "three"]) {
      expect((await storedAfter(shuffled(texts, seed))).state).toEqual(first.state);
    }
  });

  it("with people shared between them leave the same rows, whoever is found to have written them", async ({
    expect,
  }) => {
    // Examples give one user id four phones: which of them then is whose depends on what came first.
    const texts = bodies.map((body) => adapted(body, PHONE_NUMBER_ID, false));
    const rowsAfter = async (order: string[]) => {
      const { faults, state } = await storedAfter(order);
      expect(faults).toEqual([]);
      const messages = state.messages.map(({ who, ...row }) => JSON.stringify(row));
      return { messages: messages.sort(), statuses: state.statuses, storedEvents: state.storedEvents };
    };
    expect(await rowsAfter(shuffled(texts, "one"))).toEqual(await rowsAfter(texts));
  });
});

/** The same shuffle for the same seed. */
function shuffled(texts: string[], seed: string): string[] {
  const place = (text: string) =>
    createHash("sha256")
      .update(seed + text)
      .digest("hex");
  return texts.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
