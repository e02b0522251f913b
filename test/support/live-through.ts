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

/** An order of arrival: every event at least once, some again. */
function anOrder(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(count - 1), { maxLength: 4 }).chain((more) => {
    const all = [...Array(count).keys(), ...more];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
}

const lives = aLife.chain((life) => {
  const { length } = life.changes({});
  return fc.tuple(fc.constant(life), anOrder(length), anOrder(length));
});

/**
 * Tries lives in two orders each, and throws when one does not end as one contact with the last ids current and the former ones
 * known, when the two differ in any row or time, or when everything delivered once more changes a row.
 */
export async function tryLives(database: LifeDatabase, numRuns: number, seed?: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(lives, async ([life, one, other]) => {
      const { found, moved } = await liveThrough(database, life, one);
      const second = await liveThrough(database, life, other);
      const text = JSON.stringify(found.people);
      if (found.faults.length > 0) throw new Error(`faults: ${found.faults}`);
      const [person, ...others] = found.people;
      if (!person || others.length > 0 || person.conflicts > 0) throw new Error(`not one person: ${text}`);
      if (currentOf(person.identities) !== String(Object.values(life.last).sort()))
        throw new Error(`current: ${text}, not ${JSON.stringify(life.last)}`);
      const known = person.identities.map(({ value }) => value);
      if (life.former.some((userId) => !known.includes(userId)))
        throw new Error(`a former id is lost: ${text}`);
      if (JSON.stringify(second.found) !== JSON.stringify(found))
        throw new Error(`the orders differ:\n${text}\n${JSON.stringify(second.found.people)}`);
      const changed = [...moved, ...second.moved];
      if (changed.length > 0)
        throw new Error(`a repetition changed rows:
${changed.join("\n")}`);
    }),
    { numRuns, ...(seed !== undefined && { seed }), ...reportLife },
  );
}

/** A life that fails is shown by its events and both orders. */
const reportLife = {
  // Shrinking takes hundreds of lives; the life that fails has few events.
  endOnFailure: true,
  reporter: ({
    failed,
    counterexample,
    numRuns,
    errorInstance,
  }: fc.RunDetails<[[Life, number[], number[]]]>) => {
    if (!failed) return;
    const [[life, ...orders]] = counterexample ?? [[]];
    const events = life?.changes({}).map((change, n) => `${n} ${JSON.stringify(change)}`);
    throw new Error(
      [`after ${numRuns} lives`, errorInstance, ...(events ?? []), ...orders.map(String)].join("\n"),
    );
  },
};

function currentOf(identities: Identity[]): string {
  const current = identities.filter(({ isCurrent }) => isCurrent);
  return String(current.map(({ value }) => value).sort());
}

let phones = 0;

async function liveThrough({ db, query }: LifeDatabase, life: Life, order: number[]) {
  phones += 1;
  const phoneNumberId = String(700_000_000_000_000 + phones);
  const made = await query(`
    with o as (insert into "Organization" (name) values ('Tested') returning id)
    insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
    select id, 'Tested', '79001234567', '${phoneNumberId}', '${phoneNumberId}' from o returning id, "organizationId"`);
  const { organizationId, id } = made[0] as { organizationId: number; id: number };
  const changes = life.changes({ display_phone_number: "79001234567", phone_number_id: phoneNumberId });
  const deliver = async (change: object | undefined) => {
    const body = { object: "whatsapp_business_account", entry: [{ id: phoneNumberId, changes: [change] }] };
    await ingest(db, flattenBody(body));
  };
  const rows = () =>
    query(`
      select to_json(c) as contact, (select json_agg(to_json(i) order by i.id) from "ContactIdentity" i where i."contactId" = c.id) as identities,
        (select json_agg(to_json(h) order by h.id) from "Chat" h where h."contactId" = c.id) as chats
      from "Contact" c where c."organizationId" = ${organizationId} order by c.id`);
  for (const n of order) await deliver(changes[n]);
  const before = await rows();
  for (const change of changes) await deliver(change);
  const after = await rows();
  const moved = before.flatMap((row, n) =>
    JSON.stringify(row) === JSON.stringify(after[n])
      ? []
      : [`${JSON.stringify(row)}\n${JSON.stringify(after[n])}`],
  );
  const people = await query(`
    select c.phone, c."userId", c.name, c."profileName", c."namedAt", c."savedName", c."savedNameAt", c."identifiedAt",
      (select json_agg(json_build_object('kind', i.kind, 'value', i.value, 'isCurrent', i."isCurrent", 'createdAt', i."createdAt", 'endedAt', i."endedAt")
        order by i.kind, i.value) from "ContactIdentity" i where i."contactId" = c.id) as identities,
      (select count(*)::int from "Notice" n where n."organizationId" = c."organizationId" and n.kind = 'identity_conflict') as conflicts
    from "Contact" c where c."organizationId" = ${organizationId} and c."mergedIntoId" is null`);
  const { state, faults } = await finalState(db, id);
  const text = JSON.stringify({ people, state, faults }).replaceAll(phoneNumberId, "our number");
  return { found: JSON.parse(text) as Found, moved };
}
