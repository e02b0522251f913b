import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import { aText, type Event, type TestChat } from "./events.ts";
import { baseDifferences } from "./ledger.ts";
import type { Chance } from "./random.ts";
import { countBy, type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import type { System } from "./system.ts";

/** An erasure deletes 500 messages in a transaction: one of a pair takes several. */
const TEXTS = 700;
const TEXTS_OF_A_BODY = 350;
const KILLS_OF_A_PAIR = 3;
const KILL_AFTER_MS = { min: 0, max: 400 };
const POLL_MS = 200;
const SETTLE_TIMEOUT_MS = 120_000;
const KILLED = ["killWorker", "killPostgres", "killEndpoint"] as const;
const ENDS = ["merged", "undone", "erased", "merged and erased"] as const;

type End = (typeof ENDS)[number];
type Person = { chat: TestChat; events: Event[] };
type Pair = { end: End; people: [Person, Person] };

/**
 * An admin merges pairs of customers, undoes that, or erases one, and repeats each call until it is answered. Meanwhile workerd,
 * Postgres and the endpoint are killed, `count` times in all; then Meta delivers everything once more.
 */
export async function people(system: System, random: Chance, count: number): Promise<Report> {
  const { deliveries, testChats, admin } = await startRun(system);
  const [template] = testChats as [TestChat];
  const pairs: Pair[] = [];
  for (let kills = 0; kills < count; ) {
    const place = pairs.length * 2;
    const pair: Pair = {
      end: random.pick(ENDS),
      people: [aPerson(template, place), aPerson(template, place + 1)],
    };
    pairs.push(pair);
    const ids = await store(system, deliveries, pair);
    const work = { isDone: false };
    const done = bringAbout(admin, pair.end, ids).then(() => {
      work.isDone = true;
    });
    for (let n = 0; n < KILLS_OF_A_PAIR && !work.isDone; n += 1) {
      await sleep(random.between(KILL_AFTER_MS.min, KILL_AFTER_MS.max));
      await system[random.pick(KILLED)]();
      kills += 1;
    }
    await done;
    await Promise.all(pair.people.map((person) => deliver(deliveries, person)));
    for (const { events } of erasedOf(pair)) deliveries.forget(events.map(({ key }) => key));
  }
  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  const differences = await baseDifferences(system, deliveries, settled);
  for (const pair of pairs) differences.push(...(await differencesOf(system, pair)));
  return { ...summary(system, deliveries, settled), pairs: countBy(pairs, ({ end }) => end), differences };
}

function aPerson(template: TestChat, n: number): Person {
  const chat: TestChat = { ...template, customer: `79190${String(n).padStart(6, "0")}`, messages: [] };
  return { chat, events: Array.from({ length: TEXTS }, () => aText(chat)) };
}

async function deliver(deliveries: Deliveries, { events }: Person): Promise<void> {
  for (let from = 0; from < events.length; from += TEXTS_OF_A_BODY)
    await deliveries.deliver(events.slice(from, from + TEXTS_OF_A_BODY));
}

/** Returns the ids of the two contacts, once all their texts are stored. */
async function store({ query }: System, deliveries: Deliveries, { people }: Pair): Promise<[number, number]> {
  await Promise.all(people.map((person) => deliver(deliveries, person)));
  const phones = people.map(({ chat }) => `'${chat.customer}'`).join();
  for (;;) {
    const [row] = await query<{ ids: [number, number]; count: number }>(`
      select array_agg(distinct k.id order by k.id) as ids, count(*)::int as count from "Message" m
      join "Chat" c on c.id = m."chatId" join "Contact" k on k.id = c."contactId" where k.phone in (${phones})`);
    if (row?.count === people.length * TEXTS) return row.ids;
    await sleep(POLL_MS);
  }
}

async function bringAbout(admin: Agent, end: End, [one, other]: [number, number]): Promise<void> {
  const merge = () => admin.post(`/contacts/${one}/merge`, { contactId: other });
  const erase = () => admin.delete(`/contacts/${one}`);
  if (end !== "erased") await repeat(merge, "contacts_not_mergeable");
  if (end === "undone") {
    const { merges } = (await repeat(() => admin.get(`/contacts/${one}`))) as { merges: { id: number }[] };
    await repeat(() => admin.post(`/contact-merges/${merges[0]?.id}/undo`, {}), "merge_not_open");
  }
  if (end === "erased" || end === "merged and erased") await repeat(erase, "not_found");
}

/** Calls until it works; `doneCode` says that an earlier call, whose answer was lost, has worked. */
async function repeat(call: () => Promise<Response>, doneCode?: string): Promise<unknown> {
  for (;;) {
    const answer = await call()
      .then(async (response) => ({ isOk: response.ok, body: (await response.json()) as { code?: string } }))
      .catch(() => null);
    if (answer && (answer.isOk || answer.body.code === doneCode)) return answer.body;
    await sleep(POLL_MS);
  }
}

function erasedOf({ end, people }: Pair): Person[] {
  if (end === "erased") return people.slice(0, 1);
  return end === "merged and erased" ? people : [];
}

/** Each person's messages in one chat of their own, or in one of both; of who was erased, nothing anywhere. */
async function differencesOf({ query }: System, pair: Pair): Promise<string[]> {
  const erased = erasedOf(pair);
  const kept = pair.people.filter((person) => !erased.includes(person));
  const groups = pair.end === "merged" ? [kept] : kept.map((person) => [person]);
  const differences: string[] = [];
  for (const group of groups) {
    const wamids = group.flatMap(({ chat }) => chat.messages.map(({ wamid }) => wamid));
    const found = await query<{ in: number; own: number; other: number }>(`
      select m."chatId" as in, count(*) filter (where m.wamid = any('{${wamids}}'))::int as own,
        count(*) filter (where m.wamid <> all('{${wamids}}'))::int as other
      from "Message" m where m."chatId" in (select o."chatId" from "Message" o where o.wamid = any('{${wamids}}')) group by 1`);
    if (found.length !== 1 || found[0]?.own !== wamids.length || found[0].other > 0)
      differences.push(`${pair.end}: ${wamids.length} messages are in ${JSON.stringify(found)}`);
  }
  for (const { chat } of erased) {
    const tables = await query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    for (const { name } of tables) {
      const [row] = await query<{ count: number }>(
        `select count(*)::int from "${name}" t where t::text like '%${chat.customer}%'`,
      );
      if (row?.count !== 0)
        differences.push(`${pair.end}: ${row?.count} rows of ${name} name who was erased`);
    }
  }
  return differences;
}
