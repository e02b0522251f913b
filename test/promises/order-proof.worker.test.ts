import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, it } from "vitest";
import { ingest } from "../../src/db/ingest.ts";
import { db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aStatus, type Item } from "../support/meta.ts";
import { anEdit, aReaction, aRevoke, aTextOf, eventsOf } from "../support/stored.ts";

const RUNS = 60;
const NOON = Date.parse("2026-05-01T12:00:00Z");
const second = fc.nat(9).map((at) => new Date(NOON + at * 1000));

/** People as they may be seen: now with one of their ids, now with both. We write to Ivan only. */
const IVAN = [{ from: "79161110001" }, { from: "79161110001", fromUserId: "RU.1" }];
const OLGA = [{ fromUserId: "RU.2" }, { from: "79161110002", fromUserId: "RU.2" }];
/** Has a chat by phone and one by user id, until she is seen with both. */
const MARIA = [{ from: "79161110003" }, { fromUserId: "RU.3" }, { from: "79161110003", fromUserId: "RU.3" }];
const US = [{ to: "79161110001" }];
const who = fc.constantFrom(...IVAN, ...OLGA, ...MARIA, ...US);
/** What was sent to Ivan and never answered: its statuses bring our tag, or not. */
const SENT = "wamid.sent";
const target = fc.constantFrom("wamid.0", "wamid.1", "wamid.2", "wamid.3", SENT, "wamid.never-comes");
const statusName = fc.constantFrom("sent", "delivered", "read", "failed", "tomorrow");
const known = fc.record(
  { name: fc.constantFrom("A", "B"), username: fc.constantFrom("a", "b") },
  { requiredKeys: [] },
);

/** An event that Meta may report, but for its wamid: that goes by its place, so that none has two contents. */
type Event = (wamid: string, tag: string) => Item;

const message: fc.Arbitrary<Event> = fc
  .record({ who, at: second, known, replyTo: fc.option(target, { nil: undefined }) })
  .map(
    ({ who, at, known, replyTo }) =>
      (wamid) =>
        aTextOf(wamid, { ...who, at, wamid, ...known, ...(replyTo && { replyTo }) }),
  );

const amendment: fc.Arbitrary<Event> = fc
  .record({ kind: fc.constantFrom("👍", "❤️", "", "edit", "revoke"), who, at: second, target })
  .map(({ kind, who, at, target }) => (wamid) => {
    if (kind === "revoke") return aRevoke(target, { ...who, at, wamid });
    if (kind === "edit") return anEdit(target, `edited by ${wamid}`, { ...who, at, wamid });
    return aReaction(target, kind, { ...who, at, wamid });
  });

const status: fc.Arbitrary<Event> = fc
  .record({
    // Often of the message that was sent, since only its statuses can bring a tag.
    target: fc.oneof(target, fc.constant(SENT)),
    name: statusName,
    at: second,
    code: fc.constantFrom(131047, 131026),
    tagged: fc.boolean(),
  })
  .map(({ target, name, at, code, tagged }) => (_, tag) => {
    const errors = name === "failed" ? { errors: [{ code }] } : {};
    const tags = tagged && target === SENT ? { biz_opaque_callback_data: tag } : {};
    return aStatus(target, name, { at, ...errors, ...tags });
  });

/** Four messages that the others speak of, and any number of others. */
const reported = fc
  .tuple(
    fc.array(message, { minLength: 4, maxLength: 5 }),
    fc.array(fc.oneof(amendment, status), { minLength: 4, maxLength: 12 }),
  )
  .map((parts) => parts.flat());

/** An order of arrival: every one at least once, some again, in batches of these sizes. */
type Arrival = { order: number[]; sizes: number[] };

function arrival(count: number): fc.Arbitrary<Arrival> {
  const repeated = fc.array(fc.nat(count - 1), { maxLength: 5 });
  const order = repeated.chain((more) => {
    const all = [...Array(count).keys(), ...more];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
  return fc.record({
    order,
    sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
  });
}

describe("the final state", () => {
  it("is the same for any permutation, repetition and batching of the same events", {
    timeout: 120_000,
  }, async ({ expect }) => {
    const seen = { messages: 0, changed: 0, joined: 0 };
    const arrivals = reported.chain((events) =>
      fc.tuple(fc.constant(events), arrival(events.length), arrival(events.length)),
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async ([events, ...orders]) => {
        const [one, other] = await Promise.all(orders.map((order) => stateAfter(events, order)));
        expect(other).toEqual(one);
        const { messages = [], statuses = [] } = one?.state ?? {};
        expect(one?.faults).toEqual([]);
        seen.messages += messages.length;
        seen.changed += messages.filter(
          (row) => row.editedAt || row.revokedAt || row.reactions.length,
        ).length;
        seen.joined += statuses.filter((row) => row.of === SENT).length;
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 10);
  });
});

/** Only Ivan can answer what was sent to him: the others answer a message that never comes instead. */
function withoutForeignQuotes(items: Item[]): Item[] {
  const ours = [SENT, ...items.filter(({ list }) => list === "message_echoes").map(({ item }) => item.id)];
  return items.map((one) => {
    const { list, item } = one;
    if (list !== "messages" || item.from === IVAN[0]?.from) return one;
    const text = ours.reduce<string>(
      (quoting, id) => (id === item.id ? quoting : quoting.replaceAll(`"${id}"`, '"wamid.never-comes"')),
      JSON.stringify(item),
    );
    return { ...one, item: JSON.parse(text) };
  });
}

async function stateAfter(events: Event[], { order, sizes }: Arrival) {
  const { ground, tag } = await aSendOfUnknownFate();
  const possible = withoutForeignQuotes(events.map((event, n) => event(`wamid.${n}`, tag)));
  const items = order.flatMap((n) => possible[n] ?? []);
  for (let at = 0, batch = 0; at < items.length; batch += 1) {
    const size = sizes[batch % sizes.length] ?? 1;
    await ingest(db, eventsOf(ground, ...items.slice(at, at + size)));
    at += size;
  }
  const text = JSON.stringify(await finalState(db, ground.organizationPhoneId));
  type Found = Awaited<ReturnType<typeof finalState>>;
  return JSON.parse(text.replaceAll(tag, "our tag").replaceAll(ground.phoneNumberId, "our number")) as Found;
}

/** An organization of its own with one chat, in which a message to Ivan waits for a status. One round trip. */
async function aSendOfUnknownFate(): Promise<{ ground: Ground; tag: string }> {
  const phoneNumberId = crypto.getRandomValues(new BigUint64Array(1)).join("");
  const { rows } = await db.execute<{ ids: Omit<Ground, "phoneNumberId">; tag: string }>(sql`
    with o as (insert into "Organization" (name) values ('Tested') returning id),
    p as (insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId")
      select id, 'Tested', '79001234567', ${phoneNumberId} from o returning id, "organizationId"),
    k as (insert into "Contact" ("organizationId", phone) select id, '79161110001' from o returning id),
    c as (insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head, "lastMessageAt")
      select p."organizationId", p.id, k.id, 1, ${new Date(NOON).toISOString()}::timestamptz from p, k returning *),
    m as (insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "createdAt")
      select "organizationPhoneId", id, 1, true, 'text', 'Ours', '{}', 'unknown', "lastMessageAt" from c returning *),
    e as (insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", 1, 'message.created', id from m)
    select json_build_object('organizationId', p."organizationId", 'organizationPhoneId', p.id) ids,
      (select epoch from "Epoch") || '.' || m.id tag from p, m`);
  const [row] = rows;
  if (!row) throw new Error("no chat was made");
  await db.execute(sql`update "Chat" set "lastMessageId" = split_part(${row.tag}, '.', 2)::int
    where "organizationPhoneId" = ${row.ids.organizationPhoneId}`);
  return { ground: { ...row.ids, phoneNumberId }, tag: row.tag };
}
