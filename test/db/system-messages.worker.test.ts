import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { markChatRead } from "../../src/db/chats.ts";
import { newestInbound } from "../../src/db/messages.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { anItem, aTextOf, chatOf, chatsOf, ingestItems, messagesWhere } from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (second: number) => new Date(NOON + second * 1000);

const notice = (from: string, second: number) =>
  anItem(
    "system",
    { body: "Security code changed", type: "user_identity_changed" },
    { from, at: at(second) },
  );
const text = (from: string, second: number) => aTextOf("Hello", { from, at: at(second) });
const ownAnswer = (to: string, second: number) => aTextOf("From the phone", { to, at: at(second) });

/** A chat whose customer has written once, at second 0, as these columns of it then are. */
async function aChatThat(columns: { status: string; unreadCount: number }) {
  const ground = await anOrganization();
  const from = aCustomer();
  await ingestItems(ground, text(from, 0));
  const snoozedUntil = columns.status === "snoozed" ? "2099-01-01T00:00:00Z" : null;
  await db.execute(sql`update "Chat" set status = ${columns.status}, "snoozedUntil" = ${snoozedUntil}::timestamptz,
    "unreadCount" = ${columns.unreadCount} where "organizationPhoneId" = ${ground.organizationPhoneId}`);
  return { ground, from };
}

const bodiesOf = async (ground: Ground) => (await messagesWhere(ground)).map(({ body }) => body);

describe("a notice of WhatsApp's own", () => {
  it.for(["closed", "snoozed", "open"])(
    "leaves a chat that is %s and read as it is",
    async (status, { expect }) => {
      const { ground, from } = await aChatThat({ status, unreadCount: 0 });
      const before = await chatOf(ground);
      await ingestItems(ground, notice(from, 60));
      // In a batch, where it takes another path.
      await ingestItems(ground, notice(from, 61), notice(from, 62));
      expect(await bodiesOf(ground)).toEqual(["Hello", ...Array(3).fill("Security code changed")]);
      const { snoozedUntil, lastInboundAt } = before;
      expect(await chatOf(ground)).toMatchObject({
        status,
        snoozedUntil,
        lastInboundAt,
        unreadCount: 0,
        head: 4,
      });
    },
  );

  it("does not count among the messages that came with it, in any order", async ({ expect }) => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const { ground, from } = await aChatThat({ status: "closed", unreadCount: 0 });
      const items = [text(from, 60), notice(from, 70), text(from, 80)];
      for (const n of order) await ingestItems(ground, ...items.slice(n, n + 1));
      expect(await chatOf(ground), `${order}`).toMatchObject({ status: "open", unreadCount: 2 });
      await ingestItems(ground, notice(from, 90), text(from, 91), notice(from, 92));
      expect(await chatOf(ground)).toMatchObject({ unreadCount: 3 });
    }
  });

  it("is not what an answer in the phone's own app leaves unread", async ({ expect }) => {
    for (const isLate of [false, true]) {
      const { ground, from } = await aChatThat({ status: "open", unreadCount: 1 });
      const items = [ownAnswer(from, 60), notice(from, 70), text(from, 80)];
      for (const item of isLate ? items.toReversed() : items) await ingestItems(ground, item);
      expect(await chatOf(ground), `late: ${isLate}`).toMatchObject({ unreadCount: 1 });
    }
  });

  it("is not what is left unread by an agent who has read up to a message before it", async ({ expect }) => {
    const { ground, from } = await aChatThat({ status: "open", unreadCount: 1 });
    await ingestItems(ground, notice(from, 60));
    await ingestItems(ground, text(from, 70));
    const { id } = await chatOf(ground);
    const anna = await as(ground);
    expect(await (await anna.post(`/chats/${id}/read`, { seq: 1 })).json()).toMatchObject({ unreadCount: 1 });
  });

  it("is not what Meta gets a read receipt for", async ({ expect }) => {
    const { ground, from } = await aChatThat({ status: "open", unreadCount: 1 });
    const [first] = await messagesWhere(ground);
    await ingestItems(ground, notice(from, 60));
    await ingestItems(
      ground,
      anItem("audio", { id: "91", voice: true }, { from, wamid: "wacid.1", at: at(70) }),
    );
    const { id } = await chatOf(ground);
    expect(await newestInbound(db, id)).toBe(first?.wamid);
    const anna = await as(ground);
    const { agent } = await (await anna.get("/me")).json<{ agent: { id: number } }>();
    const key = { id, organizationId: ground.organizationId };
    expect(await markChatRead(db, key, null, agent.id)).toMatchObject({ newestWamid: first?.wamid });
  });

  it.for([
    ["does not open the window", notice, 0],
    ["does, where the customer wrote it,", text, 50],
  ] as const)("%s when a merge is undone", async ([, item, opened], { expect }) => {
    const { ground, from } = await aChatThat({ status: "open", unreadCount: 1 });
    await ingestItems(ground, text(aCustomer(), 100));
    const [kept, merged] = await chatsOf(ground);
    const anna = await as({ ...ground, role: "admin" });
    const answer = await anna.post(`/contacts/${kept?.contactId}/merge`, { contactId: merged?.contactId });
    const { merges } = await answer.json<{ merges: { id: number }[] }>();
    await ingestItems(ground, item(from, 50));
    expect(await chatOf(ground)).toMatchObject({ lastInboundAt: at(100) });
    expect((await anna.post(`/contact-merges/${merges[0]?.id}/undo`)).status).toBe(200);
    expect(await chatsOf(ground)).toMatchObject([{ lastInboundAt: at(opened) }, { lastInboundAt: at(100) }]);
  });
});
