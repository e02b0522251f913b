import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, inject, it, vi } from "vitest";
import { pageOfChats } from "../../src/db/chats.ts";
import { ingest } from "../../src/db/ingest.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { addHardCases } from "../bench/data/hard-cases.ts";
import { type ObservedDb, observedDb } from "../bench/data/observed-db.ts";
import { findPlanProblems, GROWING, nodesOf, SMALL } from "../bench/data/plan-problems.ts";
import { type CheckedCall, checkPlans } from "../bench/data/plans.ts";
import { seed } from "../bench/data/seed.ts";
import type { Seeded } from "../bench/data/seed-shape.ts";
import { type OwnDatabase, ownDatabase, PHONE_NUMBER_ID } from "./own-system.ts";

const MESSAGES = 20_000;

/** How many rows some calls give: a check of calls that found nothing would say nothing. */
const GIVEN = {
  "list, first page": 30,
  "list, deep": 30,
  "list, of a phone, snoozed (none)": 0,
  "list, mine": 30,
  "list, unassigned, deep": 30,
  "page, newest": 50,
  "page, before a message in the middle": 50,
  "resume, 50 missed": 50,
  "resume, all missed": 500,
  "ingest, 64 texts of 64 chats": 64,
};

/** Asked by tools at a terminal alone. */
const NOT_CALLED = ["messagesOfWamids", "newestEventOf", "storedEventsBetween"];

/** The database by Postgres' own protocol. */
function directUrl({ databaseUrl }: OwnDatabase): string {
  return Object.assign(new URL(inject("postgresUrl")), { pathname: new URL(databaseUrl).pathname }).href;
}

async function textsOf(folder: string, name: RegExp): Promise<string> {
  const files = (await readdir(folder)).filter((file) => name.test(file));
  return (await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")))).join("\n");
}

it("every function of src/db that asks Postgres is among the calls", async ({ expect }) => {
  const source = await textsOf("src/db", /\.ts$/);
  const calls = await textsOf("test/bench/data", /call(s|)\.ts$/);
  const names = [...source.matchAll(/export async function (\w+)[^(]*\(\s*db: Db\b/g)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(100);
  const missing = names.filter((name) => !new RegExp(`\\b${name}\\(`).test(calls));
  expect(missing, "calls to add to test/bench/data/*-calls.ts").toEqual(NOT_CALLED);
});

it("every table is known to grow or to stay small", async ({ expect }) => {
  const source = await textsOf("src/db", /-tables\.ts$/);
  const tables = [...source.matchAll(/pgTable\(\s*"(\w+)"/g)].map(([, name]) => name ?? "");
  expect(tables.length).toBeGreaterThan(30);
  const known = [...GROWING, ...SMALL];
  expect(tables.toSorted(), "tables for plan-problems.ts").toEqual(known.toSorted());
});

describe("no call of the application reads more than it gives", () => {
  let database: OwnDatabase;
  let seeded: Seeded;
  let url: string;

  beforeAll(async () => {
    database = await ownDatabase();
    url = directUrl(database);
    // An ANALYZE by autovacuum would hold back what Postgres may forget of old rows, and reads would go through them.
    await database.query(`do $$ begin
      execute (select string_agg(format('alter table %s set (autovacuum_enabled = off)', oid::regclass), ';')
        from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace);
    end $$`);
    seeded = await seed(url, MESSAGES);
    await addHardCases(seeded, url);
    // Until all transactions of now have ended, in whatever database, reads go through the old versions of the rows changed here.
    const [change] = (await database.query("select pg_current_xact_id() id")) as { id: string }[];
    const ended = `select where pg_snapshot_xmin(pg_current_snapshot()) > '${change?.id}'`;
    await vi.waitUntil(async () => (await database.query(ended)).length === 1, { timeout: 60_000 });
  }, 120_000);

  afterAll(() => database?.drop());

  const withProblems = (checked: CheckedCall[]) =>
    checked.flatMap(({ call, problems }) => (problems.length > 0 ? [{ call, problems }] : []));
  const withoutRows = (checked: CheckedCall[]) =>
    checked.flatMap(({ call, rows }) => (rows === 0 && !call.endsWith("(none)") ? [call] : []));
  const given = (checked: CheckedCall[]) =>
    Object.fromEntries(checked.flatMap(({ call, rows }) => (call in GIVEN ? [[call, rows]] : [])));

  it("on a database that was never analysed", async ({ expect }) => {
    const checked = await checkPlans(seeded, url, { analysed: false });
    expect(given(checked)).toEqual(GIVEN);
    expect(withoutRows(checked)).toEqual([]);
    expect(withProblems(checked)).toEqual([]);
  });

  it("on one that was", async ({ expect }) => {
    await database.query("analyze");
    const checked = await checkPlans(seeded, url);
    expect(given(checked)).toEqual(GIVEN);
    expect(withoutRows(checked)).toEqual([]);
    expect(withProblems(checked)).toEqual([]);
  });

  it("by plans that fit any value, as functions keep them", async ({ expect }) => {
    expect(withProblems(await checkPlans(seeded, url, { generic: true }))).toEqual([]);
  });

  it("and one that did would be seen", async ({ expect }) => {
    const observed = await observedDb(url);
    const of = async (text: string) => {
      const { statements } = await observed.observe((db) => db.execute(text));
      return findPlanProblems(statements, { rows: 1, perRow: 2, extra: 20 }).join("\n");
    };
    expect(await of(`select from "Message" where id = 1`)).toBe("");
    expect(await of(`select from "Message" where body = 'nobody wrote this'`)).toMatch(
      /^Seq Scan of Message/,
    );
    // By an index, and yet all of the chat for one row.
    expect(await of(`select from "Message" where "chatId" = 1 and emoji = '🦄'`)).toContain(
      "rows filtered out by",
    );
    expect(await of(`select seq from "ChatEvent" where "chatId" = 1 order by "createdAt" limit 1`)).toContain(
      "rows sorted by",
    );
    // Inside a function.
    await database.query(`create function planted() returns bigint language plpgsql as
      $$ begin return (select count(*) from "Chat" c where c."unreadCount" = 99); end $$`);
    expect(await of("select planted()")).toContain("Seq Scan of Chat");
    await observed.close();
  });

  it("nor is a list without its index overlooked", async ({ expect }) => {
    const indexes = (await database.query(
      `select indexname name from pg_indexes where tablename = 'Chat' and indexdef like '%lastMessageAt%'`,
    )) as { name: string }[];
    expect(indexes).not.toEqual([]);
    for (const { name } of indexes) await database.query(`drop index "${name}"`);
    const observed = await observedDb(url);
    const { result, statements } = await observed.observe((db) => pageOfChats(db, 1, {}, null, 30));
    expect(result).toHaveLength(30);
    expect(statements.flatMap(({ plan }) => [...nodesOf(plan)].map((node) => node["Node Type"]))).toContain(
      "Sort",
    );
    expect(findPlanProblems(statements, { rows: 30, perRow: 2, extra: 20 }).join("\n")).toContain(
      "rows of Chat, for 30",
    );
    await observed.close();
  });
});

describe("statuses that wait for their message", () => {
  let database: OwnDatabase;
  let observed: ObservedDb;
  let count = 0;

  beforeAll(async () => {
    database = await ownDatabase();
    await database.query(`alter table "MessageStatus" set (autovacuum_enabled = off)`);
    observed = await observedDb(directUrl(database));
  });

  afterAll(async () => {
    await observed?.close();
    await database?.drop();
  });

  const store = async (field: string, value: object) => {
    const metadata = { display_phone_number: "79001234567", phone_number_id: PHONE_NUMBER_ID };
    const changes = [{ field, value: { messaging_product: "whatsapp", metadata, ...value } }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
    const events = flatten(new TextEncoder().encode(body));
    return (await observed.observe((db) => ingest(db, events))).statements;
  };
  const statusOf = (id: string) => ({
    ...{ id, status: "delivered", timestamp: "1790000000", recipient_id: "79160000001" },
  });
  const storeStatuses = (of: number) =>
    store("messages", { statuses: Array.from({ length: of }, () => statusOf(`wamid.${++count}`)) });
  const storeEcho = (id: string) =>
    store("smb_message_echoes", {
      message_echoes: [
        {
          from: "79001234567",
          to: "79160000001",
          id,
          timestamp: "1790000000",
          type: "text",
          text: { body: "Hi" },
        },
      ],
    });

  it("are not read to store another, by a plan that was made while there were none", async ({ expect }) => {
    for (const of of [1, 1, 200, 200, 200, 200, 200]) await storeStatuses(of);
    const statements = await storeStatuses(20);
    expect(statements.length).toBeGreaterThan(20);
    expect(findPlanProblems(statements, { rows: 20, perRow: 12, extra: 20 })).toEqual([]);
  });

  it("nor to attach one, by statistics that know of none", async ({ expect }) => {
    await database.query(`delete from "MessageStatus"`);
    await storeEcho("wamid.echo.1");
    await database.query(`insert into "MessageStatus" ("organizationPhoneId", wamid, status, payload, "messageId", "happenedAt")
      select m."organizationPhoneId", 'wamid.old.' || n, 'read', '{}', m.id, now() from "Message" m, generate_series(1, 5000) n`);
    await database.query(`vacuum analyze "MessageStatus"`);
    await storeStatuses(1000);
    await store("messages", { statuses: [statusOf("wamid.echo.2")] });
    const problems = findPlanProblems(await storeEcho("wamid.echo.2"), { rows: 1, perRow: 12, extra: 20 });
    expect(problems).toEqual([]);
    const [attached] = await database.query(
      `select count(*)::int from "MessageStatus" where wamid = 'wamid.echo.2' and "messageId" is not null`,
    );
    expect(attached).toEqual({ count: 1 });
  });
});
