import fc from "fast-check";
import type { Db } from "../../src/db/client.ts";
import { ingest } from "../../src/db/ingest.ts";
import { flattenBody } from "../whatsapp/fixtures.ts";
import { finalState } from "./final-state.ts";
import { aLife, type Life } from "./life.ts";

/** A database, by Neon's driver and by plain SQL. */
export type LifeDatabase = { db: Db; query: (text: string) => Promise<unknown[]> };

type Identity = {
  kind: string;
  value: string;
  isCurrent: boolean;
  createdAt: string;
  endedAt: string | null;
};
type Found = {
  people: { phone: string; userId: string; identities: Identity[]; conflicts: number }[];
  faults: string[];
};

/** A life, and the orders in which its webhooks arrive: every one at least once, some again. */
type Trial = { life: Life; orders: number[][] };

type History = { trial: Trial; order: number[] };
/** How it ended, and the rows that a repetition changed. */
type Lived = { found: Found; moved: string[] };

/** As many webhooks have at most 120 orders. */
const FEW_WEBHOOKS = 5;
/** Histories that one call of `ingest` advances, each in an organization of its own. */
const AT_ONCE = 100;
/** While Postgres stores the one, the other is prepared and compared. */
const LANES = 2;

function anOrder(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(count - 1), { maxLength: 4 }).chain((more) => {
    const all = [...Array(count).keys(), ...more];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
}

function inTwoOrders(life: Life): fc.Arbitrary<Trial> {
  const order = anOrder(life.changes({}).length);
  return fc.tuple(order, order).map((orders) => ({ life, orders }));
}

/** Each order has one of its webhooks again, right away or later. */
function inAllOrders(life: Life): fc.Arbitrary<Trial> {
  const orders = permutations([...life.changes({}).keys()]);
  const again = fc.tuple(fc.nat(), fc.nat());
  return fc.array(again, { minLength: orders.length, maxLength: orders.length }).map((repeated) => ({
    life,
    orders: orders.map((order, n) => withRepetition(order, repeated[n] ?? [0, 0])),
  }));
}

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item) =>
    permutations(items.filter((one) => one !== item)).map((rest) => [item, ...rest]),
  );
}

function withRepetition(order: number[], [which, later]: [number, number]): number[] {
  const at = which % order.length;
  return order.toSpliced(at + 1 + (later % (order.length - at)), 0, order[at] ?? 0);
}

/**
 * Tries `lives` random lives in two orders of arrival each, and `shortLives` of at most five webhooks in every order. Throws, with
 * the seed, when one does not end as one contact with the last ids current and the former ones known, when two orders differ in
 * any row or time, or when everything delivered once more changes a row. `onProgress` gets the orders that were tried, and all.
 */
export async function tryLives(
  database: LifeDatabase,
  {
    lives,
    shortLives,
    returnsAlone = false,
    seed = Date.now() % 2 ** 31,
  }: { lives: number; shortLives: number; returnsAlone?: boolean; seed?: number | undefined },
  onProgress: (tried: number, all: number) => void = () => undefined,
): Promise<void> {
  const few = aLife(1, 2, returnsAlone).filter((life) => life.changes({}).length <= FEW_WEBHOOKS);
  const trials = [
    ...fc.sample(aLife(3, 5, returnsAlone).chain(inTwoOrders), { numRuns: lives, seed }),
    ...fc.sample(few.chain(inAllOrders), { numRuns: shortLives, seed }),
  ];
  const histories: History[] = trials.flatMap((trial) => trial.orders.map((order) => ({ trial, order })));
  const first = new Map<Trial, { text: string; order: number[] }>();
  let next = 0;
  let tried = 0;
  const runLane = async () => {
    while (next < histories.length) {
      const some = histories.slice(next, next + AT_ONCE);
      next += some.length;
      const results = await liveThrough(database, some);
      for (const [n, result] of results.entries()) check(some[n] as History, result);
      tried += some.length;
      onProgress(tried, histories.length);
    }
  };
  const check = ({ trial, order }: History, { found, moved }: Lived) => {
    const text = JSON.stringify(found, null, 1);
    const other = first.get(trial);
    const fault =
      faultOf(trial.life, found) ??
      (other && other.text !== text ? `the orders differ:\n${other.text}\n${text}` : null) ??
      (moved.length > 0 ? `a repetition changed rows:\n${moved.join("\n")}` : null);
    if (fault) throw new Error(describe(trial.life, [order, ...(other ? [other.order] : [])], fault, seed));
    if (!other) first.set(trial, { text, order });
  };
  await Promise.all(Array.from({ length: LANES }, runLane));
}

function faultOf({ last, former }: Life, { people, faults }: Found): string | null {
  if (faults.length > 0) return `faults: ${faults}`;
  const text = JSON.stringify(people);
  const [person, ...others] = people;
  if (!person || others.length > 0 || person.conflicts > 0) return `not one person: ${text}`;
  const current = person.identities.filter(({ isCurrent }) => isCurrent);
  if (String(current.map(({ value }) => value).sort()) !== String(Object.values(last).sort()))
    return `current: ${text}, not ${JSON.stringify(last)}`;
  const known = person.identities.map(({ value }) => value);
  return former.some((userId) => !known.includes(userId)) ? `a former id is lost: ${text}` : null;
}

function describe(life: Life, orders: number[][], fault: string, seed: number): string {
  const events = life.changes({}).map((change, n) => `${n} ${JSON.stringify(change)}`);
  return [`seed ${seed}`, fault, ...events, ...orders.map(String)].join("\n");
}

let phones = 0;

/** Lives all histories through side by side, step by step; then delivers each life's webhooks once more. */
async function liveThrough({ db, query }: LifeDatabase, histories: History[]): Promise<Lived[]> {
  const lived = histories.map(({ trial, order }) => {
    phones += 1;
    const phoneNumberId = String(700_000_000_000_000 + phones);
    const metadata = { display_phone_number: "79001234567", phone_number_id: phoneNumberId };
    return { phoneNumberId, order, changes: trial.life.changes(metadata) };
  });
  const ids = lived.map(({ phoneNumberId }) => `'${phoneNumberId}'`).join();
  const made = (await query(`
    with o as (insert into "Organization" (name) select id from unnest(array[${ids}]) id returning id, name)
    insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
    select id, 'Tested', '79001234567', name, name from o
    returning id, "organizationId", "wabaPhoneNumberId" as "phoneNumberId"`)) as OwnPhone[];
  const phoneOf = new Map(made.map((phone) => [phone.phoneNumberId, phone]));
  const deliver = async (step: number, orderOf: (one: (typeof lived)[number]) => number[]) => {
    const events = lived.flatMap((one) => {
      const change = one.changes[orderOf(one)[step] ?? -1];
      const entry = [{ id: one.phoneNumberId, changes: [change] }];
      return change ? flattenBody({ object: "whatsapp_business_account", entry }) : [];
    });
    await ingest(db, events);
  };
  const deliverAll = async (orderOf: (one: (typeof lived)[number]) => number[]) => {
    const steps = Math.max(...lived.map((one) => orderOf(one).length));
    for (let step = 0; step < steps; step += 1) await deliver(step, orderOf);
  };
  const organizations = made.map(({ organizationId }) => organizationId).join();
  await deliverAll(({ order }) => order);
  const before = byOrganization(await query(rowsOf(organizations)));
  await deliverAll(({ changes }) => [...changes.keys()]);
  const after = byOrganization(await query(rowsOf(organizations)));
  const people = byOrganization(await query(peopleOf(organizations)));
  const results = await Promise.all(
    lived.map(async ({ phoneNumberId }) => {
      const { id = 0, organizationId = 0 } = phoneOf.get(phoneNumberId) ?? {};
      const { state, faults } = await finalState(db, id);
      const found = { people: people.get(organizationId) ?? [], state, faults };
      const text = JSON.stringify(found).replaceAll(phoneNumberId, "our number");
      const [old, now] = [before, after].map((rows) => rows.get(organizationId) ?? []);
      const moved = (old ?? []).flatMap((row, n) =>
        JSON.stringify(row) === JSON.stringify(now?.[n])
          ? []
          : [`${JSON.stringify(row)}\n${JSON.stringify(now?.[n])}`],
      );
      return { found: JSON.parse(text) as Found, moved };
    }),
  );
  // Otherwise each life would be looked for among those of all others, as all have few phones between them.
  await query(`delete from "IdentityReport" r using "Contact" c
    where c.id = r."contactId" and c."organizationId" in (${organizations})`);
  return results;
}

type OwnPhone = { id: number; organizationId: number; phoneNumberId: string };

function byOrganization(rows: unknown[]): Map<number, unknown[]> {
  const grouped = Map.groupBy(
    rows as { organizationId: number; row: unknown }[],
    (one) => one.organizationId,
  );
  return new Map([...grouped].map(([id, some]) => [id, some.map(({ row }) => row)]));
}

/** Every row about people, as it is. */
function rowsOf(organizations: string): string {
  return `select c."organizationId", json_build_object('contact', to_json(c),
      'identities', (select json_agg(to_json(i) order by i.id) from "ContactIdentity" i where i."contactId" = c.id),
      'chats', (select json_agg(to_json(h) order by h.id) from "Chat" h where h."contactId" = c.id)) as row
    from "Contact" c where c."organizationId" in (${organizations}) order by c.id`;
}

/** The people, without what differs by the order of arrival. */
function peopleOf(organizations: string): string {
  return `select c."organizationId", json_build_object('phone', c.phone, 'userId', c."userId", 'name', c.name,
      'profileName', c."profileName", 'namedAt', c."namedAt", 'savedName', c."savedName", 'savedNameAt', c."savedNameAt",
      'identifiedAt', c."identifiedAt", 'identities', (select json_agg(json_build_object('kind', i.kind, 'value', i.value,
        'isCurrent', i."isCurrent", 'createdAt', i."createdAt", 'endedAt', i."endedAt") order by i.kind, i.value)
        from "ContactIdentity" i where i."contactId" = c.id), 'conflicts', (select count(*)::int from "Notice" n
        where n."organizationId" = c."organizationId" and n.kind = 'identity_conflict')) as row
    from "Contact" c where c."organizationId" in (${organizations}) and c."mergedIntoId" is null`;
}
