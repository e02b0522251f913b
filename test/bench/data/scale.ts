import { eventsAfter } from "../../../src/db/chat-events.ts";
import { pageOfChats } from "../../../src/db/chats.ts";
import type { Db } from "../../../src/db/client.ts";
import { ingest } from "../../../src/db/ingest.ts";
import { pageOfMessages } from "../../../src/db/messages.ts";
import { createMessage } from "../../../src/db/new-messages.ts";
import { claimMessage, settleMessage } from "../../../src/db/outgoing.ts";
import { median } from "../statistics.ts";
import { type FilledDatabase, withCluster } from "./cluster.ts";
import { newOutgoingText } from "./outgoing-text.ts";
import { type Measured, MIX, monthOf, PRICES, SCENARIOS } from "./scale-model.ts";
import { type TimedSession, timedSession } from "./timed-session.ts";
import { aWamid, status, texts } from "./webhooks.ts";

// `node test/bench/data/scale.ts` prints the tables of docs/scale.md: first the measured costs in Postgres, then the monthly
// costs that follow from them, from published prices (scale-model.ts) and from the mix of messages in the database.

const MESSAGES = 50_000;
const CALLS = 30;
const WARM_UP_CALLS = 8;

await withCluster(async ({ filled }) => {
  const database = await filled("scale", MESSAGES);
  const session = await timedSession(database.url);
  try {
    // Neon's WAL contains no full-page images.
    await session.client.query("alter system set full_page_writes = off");
    await session.client.query("select pg_reload_conf()");
    const measured = await measure(session, database);
    console.log("| in Postgres, each | CPU, ms | WAL, bytes |\n| --- | --- | --- |");
    for (const [name, { cpuMs, walBytes }] of Object.entries(measured)) {
      console.log(`| ${name} | ${cpuMs.toFixed(2)} | ${Math.round(walBytes).toLocaleString("en")} |`);
    }
    const { rows } = await session.client.query<{ bytes: number }>(
      `select sum(pg_total_relation_size(oid))::float8 / $1 as bytes from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace`,
      [MESSAGES],
    );
    const bytesPerMessage = rows[0]?.bytes ?? 0;
    console.log(
      `\nA message takes ${Math.round(bytesPerMessage)} bytes with its statuses, events and index entries. Mix: ${JSON.stringify(MIX)}`,
    );
    console.log(`Prices: ${JSON.stringify(PRICES)}\n`);
    const months = SCENARIOS.map((scenario) => monthOf(scenario, { each: measured, bytesPerMessage }));
    console.log(
      `| | ${SCENARIOS.map(({ name }) => name).join(" | ")} |\n| --- |${" --- |".repeat(SCENARIOS.length)}`,
    );
    for (const line of Object.keys(months[0] ?? {})) {
      console.log(`| ${line} | ${months.map((month) => month[line]).join(" | ")} |`);
    }
  } finally {
    await session.close();
  }
});

async function measure(session: TimedSession, database: FilledDatabase) {
  const { organizationId, chats } = database;
  const { rows: ours } = await session.client.query<{ chat: number; wamid: string }>(
    `select "chatId" as chat, wamid from "Message" where "fromMe" order by random() limit 10000`,
  );
  let picks = 0;
  const someChats = (count: number) =>
    Array.from({ length: count }, () => {
      picks += 1;
      return 1 + ((picks * 37) % chats);
    });
  const someStatuses = (count: number) =>
    ours.splice(0, count).flatMap(({ chat, wamid }) => status(database, chat, wamid, "played"));
  const { rows: anchors } = await session.client.query<{ id: number }>(
    `select id from "Message" where "chatId" = 1 and amends is null order by random() limit 100`,
  );
  const { rows: heads } = await session.client.query<{ head: number }>(
    `select head from "Chat" where id = 1`,
  );
  const send = async (db: Db) => {
    const created = await createMessage(db, newOutgoingText(database));
    if (created.kind !== "created") throw new Error(`the message was not created: ${created.kind}`);
    const { id } = created.message;
    await claimMessage(db, id, { claimId: "claim", leaseUntil: new Date(Date.now() + 30_000) }, new Date());
    await settleMessage(db, id, "claim", { status: "accepted", wamid: aWamid() });
  };
  const each = (count: number, work: () => (db: Db) => Promise<unknown>) => costOf(session, count, work);
  const ingesting = (make: () => Parameters<typeof ingest>[1]) => () => {
    const events = make();
    return (db: Db) => ingest(db, events);
  };
  // Reads come first, since the writes make the chat longer.
  return {
    "a chat list of 30": await each(1, () => (db) => pageOfChats(db, organizationId, {}, null, 30)),
    "a chat page of 50": await each(1, () => {
      const messageId = anchors[Math.floor(Math.random() * anchors.length)]?.id ?? 0;
      return (db) => pageOfMessages(db, { id: 1, organizationId }, { side: "before", messageId }, 50);
    }),
    "nothing at all (select 1)": await each(1, () => (db) => db.execute("select 1")),
    "a resume read of 50": await each(
      1,
      () => (db) => eventsAfter(db, { id: 1, organizationId: null }, (heads[0]?.head ?? 50) - 50, 500),
    ),
    "a text, alone": await each(
      1,
      ingesting(() => texts(database, someChats(1))),
    ),
    "a text, of 10": await each(
      10,
      ingesting(() => texts(database, someChats(10))),
    ),
    "a text, of 64": await each(
      64,
      ingesting(() => texts(database, someChats(64))),
    ),
    "a status, alone": await each(
      1,
      ingesting(() => someStatuses(1)),
    ),
    "a status, of 10": await each(
      10,
      ingesting(() => someStatuses(10)),
    ),
    "a status, of 64": await each(
      64,
      ingesting(() => someStatuses(64)),
    ),
    "a send: written, claimed, settled": await each(1, () => send),
  };
}

async function costOf(
  { client, measure }: TimedSession,
  count: number,
  work: () => (db: Db) => Promise<unknown>,
): Promise<Measured> {
  const walPosition = async () => {
    const { rows } = await client.query<{ at: string }>("select pg_current_wal_insert_lsn() - '0/0' as at");
    return Number(rows[0]?.at);
  };
  const cpu: number[] = [];
  const wal: number[] = [];
  for (let call = -WARM_UP_CALLS; call < CALLS; call += 1) {
    const job = work();
    const before = await walPosition();
    const { cpuMs } = await measure(job);
    const after = await walPosition();
    if (call < 0) continue;
    cpu.push(cpuMs / count);
    wal.push((after - before) / count);
  }
  return { cpuMs: median(cpu), walBytes: median(wal) };
}
