import { afterEach, describe, it } from "vitest";
import { spool } from "../../src/local/cli/spool.ts";
import { JWT_SECRET } from "../support/bindings.ts";
import { finalState } from "../support/final-state.ts";
import { asAgent, aTextBody, ownSystem, PHONE_NUMBER_ID, postSigned } from "./own-system.ts";

const NOW_S = Math.floor(Date.now() / 1000);

const ROUNDS = 8;

type Row = { id: number; seq: number; wamid: string; spooled: boolean };

describe("the Worker before a database with faults", () => {
  const system = ownSystem();
  const query = (text: string) => system.database.query(text);
  const say = (from: string, wamid: string) => postSigned(system.url, aTextBody(from, wamid, NOW_S));
  const terminal = {
    isInteractive: false,
    ask: () => Promise.reject(new Error("asked")),
    say: () => undefined,
    close: () => undefined,
  };
  const command = (...args: string[]) =>
    spool([...args, "--url", system.url.replace("/api/waba", "")], { JWT_SECRET }, terminal);
  const storedOf = async (wamid: string) =>
    (await query(
      `select id, seq, wamid, "spooledAt" is not null as spooled from "Message" where wamid = '${wamid}'`,
    )) as Row[];
  /** Of the paths by which a chat is read, those that do not answer. */
  async function unreadable(chatId: number): Promise<string[]> {
    const read = await asAgent(system.url);
    const chat = `/chats/${chatId}`;
    const paths = ["/chats", chat, `${chat}/messages`, `${chat}/events?after=0`];
    const answers = await Promise.all(paths.map((path) => read(path)));
    return paths.filter((_, i) => answers[i]?.status !== 200);
  }

  afterEach(async ({ expect }) => {
    expect((await finalState(system.database.db, 1)).faults).toEqual([]);
  });

  it("D3: stores once, by the drain, what was cut off before its commit", async ({ expect }) => {
    const chatId = await system.aChat("79160000003");
    const session = await system.database.session();
    await session.query("begin");
    await session.query(`select from "Chat" where id = ${chatId} for update`);
    const answered = say("79160000003", "cut");
    await expect.poll(() => system.database.waiting(), { interval: 10 }).toHaveLength(1);
    for (const { pid } of await system.database.waiting()) await query(`select pg_terminate_backend(${pid})`);
    expect(await answered).toBe(200);
    expect(await storedOf("cut")).toEqual([]);
    await session.query("rollback");
    await session.end();
    await expect.poll(() => storedOf("cut")).toMatchObject([{ seq: 2, spooled: true }]);
  });

  it("D12: stores at once what others write while one chat is locked, and loses nothing", async ({
    expect,
  }) => {
    const chatId = await system.aChat("79160000014");
    const session = await system.database.session();
    await session.query("begin");
    await session.query(`select from "Chat" where id = ${chatId} for update`);
    const texts = [
      ...Array.from({ length: 60 }, (_, n) => ["79160000014", `locked ${n}`] as const),
      ...Array.from({ length: 20 }, (_, n) => [`7916001${String(n).padStart(4, "0")}`, `free ${n}`] as const),
    ];
    // Eighty at once take a busy machine longer than a webhook may take, and are refused.
    for (let round = 0; round < ROUNDS; round++) {
      const some = texts.filter((_, n) => n % ROUNDS === round);
      const statuses = await Promise.all(some.map(([from, wamid]) => say(from, wamid)));
      expect(statuses).toEqual(some.map(() => 200));
    }
    const free = `select count(*)::int as n from "Message" where wamid like 'free %'`;
    await expect.poll(() => query(free)).toEqual([{ n: 20 }]);
    const waiting = `select count(*)::int as n from "Message" where wamid like 'locked %'`;
    expect(await query(waiting)).toEqual([{ n: 0 }]);
    const spooled = (await command("list")).json as { id: number; phoneNumberId: string }[];
    expect(spooled).toEqual(Array(60).fill(expect.objectContaining({ phoneNumberId: PHONE_NUMBER_ID })));
    const id = String(spooled[59]?.id);
    const { lines } = await command("show", id);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ object: "whatsapp_business_account" });
    // While the drain tries it, it is neither retried nor removed.
    const retry = async () => {
      const { isFailed, lines } = await command("retry", id);
      return [isFailed, lines];
    };
    const refused = [true, [`Event ${id}: not stored, Postgres refuses it with 55P03.`]];
    await expect.poll(retry).toEqual(refused);
    await expect.poll(() => command("remove", id)).toMatchObject({ isFailed: false });
    await expect(command("show", id)).rejects.toThrow(id);
    // An attempt that had read it before is over after these, for each waits as long for the lock.
    for (let i = 0; i < 2; i++) await command("retry", String(spooled[0]?.id));
    await session.query("rollback");
    await session.end();
    await expect.poll(() => query(waiting)).toEqual([{ n: 59 }]);
    expect((await command("list")).lines).toEqual(["Nothing waits."]);
  });

  it.for([
    ["is read-only", "25006"],
    ["has a full disk", "53100"],
  ] as const)("D7: takes webhooks and serves reads while Postgres %s", async ([, code], { expect }) => {
    const from = `791600${code}`;
    const chatId = await system.aChat(from);
    await query(
      `insert into "Agent" ("organizationId", sub, name, role) values (1, '${code}', '${code}', 'agent')`,
    );
    // Seen by this Worker for the first time while nothing can be written.
    const read = await asAgent(system.url, code);
    system.logged.length = 0;
    if (code === "25006") await system.database.set("set default_transaction_read_only = on");
    else await query(raising(code));

    for (const wamid of [`a ${code}`, `b ${code}`, `c ${code}`, `d ${code}`])
      expect(await say(from, wamid)).toBe(200);
    const answer = await read(`/chats/${chatId}`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { head: 1 }]);
    expect((await read(`/chats/${chatId}/messages`)).status).toBe(200);
    const send = { organizationPhoneId: 1, to: from, type: "text", message: "Hello" };
    const refused = await read("/send", send);
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { code: "unavailable", retryable: true },
    ]);
    const alerts = () => system.logged.filter((line) => line.includes("Postgres accepts no writes"));
    await expect.poll(alerts).toEqual([expect.stringContaining(code)]);

    if (code === "25006") await system.database.set("reset default_transaction_read_only");
    else await query('drop trigger full_disk on "Message"');
    await expect.poll(async () => (await storedOf(`d ${code}`)).map(({ seq }) => seq)).toEqual([5]);
    expect(alerts()).toHaveLength(1);
  });

  it("D11: stores and reads with columns that the code does not know", async ({ expect }) => {
    const tables = ["Contact", "Chat", "Message", "MessageStatus", "ChatEvent", "WebhookEvent"];
    for (const table of tables) await query(`alter table "${table}" add "tomorrow" text default 'unknown'`);
    const chatId = await system.aChat("79160000011");
    system.logged.length = 0;
    expect(await say("79160000011", "newer schema")).toBe(200);
    // A busy machine may spool it for its slowness.
    await expect.poll(() => storedOf("newer schema")).toMatchObject([{ seq: 2 }]);
    expect(system.logged.filter((line) => line.includes("is a migration missing?"))).toEqual([]);
    expect(await unreadable(chatId)).toEqual([]);
    for (const table of tables) await query(`alter table "${table}" drop "tomorrow"`);
  });

  it("D11: spools while a column is missing, serves the reads that do not need it, and logs that once", async ({
    expect,
  }) => {
    const chatId = await system.aChat("79160000012");
    system.logged.length = 0;
    await query('alter table "Message" rename "spooledAt" to "yesterday"');
    for (const wamid of ["one", "two"]) expect(await say("79160000012", `older ${wamid}`)).toBe(200);
    expect(await unreadable(chatId)).toEqual([]);
    const alerts = () => system.logged.filter((line) => line.includes("is a migration missing?"));
    await expect.poll(alerts).toHaveLength(1);

    await query('alter table "Message" rename "yesterday" to "spooledAt"');
    for (const wamid of ["one", "two"]) await expect.poll(() => storedOf(`older ${wamid}`)).toHaveLength(1);
    expect(alerts()).toHaveLength(1);
    expect(await query(`select from "WebhookEvent"`)).toEqual([]);
  });

  it("D11: keeps waiting what comes while a migration holds a table", async ({ expect }) => {
    await system.aChat("79160000013");
    const migration = await system.database.session();
    await migration.query('begin; alter table "Message" add "tomorrow" text');
    expect(await say("79160000013", "meanwhile")).toBe(200);
    await migration.query('alter table "Message" drop "tomorrow"; commit');
    await migration.end();
    await expect.poll(() => storedOf("meanwhile")).toHaveLength(1);
  });
});

/** Has each message refused as Postgres does when it cannot extend a file. */
function raising(code: string): string {
  return `create or replace function full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '${code}'; end $$;
    create trigger full_disk before insert on "Message" for each row execute function full_disk()`;
}
