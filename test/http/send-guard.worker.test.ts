import { describe, it } from "vitest";
import { openChat } from "../../src/http/schemas.ts";
import { as, type Person } from "../support/as.ts";
import { load } from "../support/client-store.ts";
import { aLiveChat, graphCalls } from "../support/graph.ts";
import { aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";

type Chat = Awaited<ReturnType<typeof aLiveChat>>;

const ROUNDS = 6;

async function aTeam() {
  const chat = await aLiveChat();
  return { chat, anna: await as(chat), oleg: await as({ ...chat, sub: "oleg", name: "Oleg" }) };
}

async function say(person: Person, chat: Chat, message: string, more: object = {}, key?: string) {
  const body = {
    organizationPhoneId: chat.organizationPhoneId,
    chatId: chat.id,
    type: "text",
    message,
    ...more,
  };
  return await person.post("/send", body, { "idempotency-key": key ?? crypto.randomUUID() });
}

async function headOf(person: Person, { id }: Chat): Promise<number> {
  return openChat.parse(await (await person.get(`/chats/${id}`)).json()).head;
}

describe("the send guard", () => {
  it("lets exactly one of two answers pass, however often they race", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const seenSeq = await headOf(anna, chat);
      const answers = await Promise.all(
        [anna, oleg].map((person) => say(person, chat, `${round}`, { seenSeq })),
      );
      expect(answers.map(({ status }) => status).sort(), `round ${round}`).toEqual([200, 409]);
      const refusal = await answers.find(({ status }) => status === 409)?.json();
      expect(refusal).toMatchObject({
        code: "chat_moved_on",
        chatId: chat.id,
        unseen: [{ body: `${round}` }],
      });
    }
    expect(await graphCalls(chat.phoneNumberId)).toHaveLength(ROUNDS);
  });

  it("shows what the colleague wrote, and takes the answer once it was seen", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    const seenSeq = await headOf(anna, chat);
    await say(oleg, chat, "I have it");
    const key = crypto.randomUUID();
    const refused = await say(anna, chat, "Me too", { seenSeq }, key);
    const problem = await refused.json<{ head: number }>();
    expect(problem).toMatchObject({
      code: "chat_moved_on",
      head: await headOf(anna, chat),
      unseen: [{ body: "I have it", sentBy: { sub: "oleg", name: "Oleg" } }],
      detail: "Oleg wrote in this chat after what you have seen.",
    });
    // Nothing was stored under the key, and "send anyway" is not another message than the one that was refused.
    expect((await say(anna, chat, "Me too", { seenSeq: problem.head }, key)).status).toBe(200);
    expect((await say(anna, chat, "And more", { seenSeq: 2_147_483_647 })).status).toBe(200);
  });

  it("repeats the first answer whatever has happened since", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    const seenSeq = await headOf(anna, chat);
    const key = crypto.randomUUID();
    const first = await say(anna, chat, "Once", { seenSeq }, key);
    await say(oleg, chat, "In between");
    const again = await say(anna, chat, "Once", { seenSeq }, key);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.json()).toEqual(await first.json());
  });

  it("minds neither the customer, nor myself, nor what is refused, but the phone's own app", async ({
    expect,
  }) => {
    const { chat, anna, oleg } = await aTeam();
    const seenSeq = await headOf(anna, chat);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "And another thing" }));
    expect((await say(anna, chat, "First", { seenSeq })).status).toBe(200);
    await oleg.post(`/chats/${chat.id}/read`);
    expect((await say(anna, chat, "Second", { seenSeq })).status).toBe(200);
    expect((await say(oleg, chat, "Without a guard")).status).toBe(200);
    const now = await headOf(anna, chat);
    await ingestItems(chat, aTextOf("From the app", { to: chat.customer, wamid: aWamid() }));
    const refused = await say(anna, chat, "Third", { seenSeq: now });
    expect(await refused.json()).toMatchObject({ unseen: [{ body: "From the app", sentBy: null }] });
  });

  it.for([-1, 1.5, "4", null])("refuses seenSeq %j", async (seenSeq, { expect }) => {
    const { chat, anna } = await aTeam();
    expect((await say(anna, chat, "Hi", { seenSeq })).status).toBe(400);
  });
});

describe("a reply in an unassigned chat", () => {
  it("takes it where the organization wants that, in the event log and for good", async ({ expect }) => {
    const { chat, anna, oleg } = await aTeam();
    await say(anna, chat, "Not yet");
    expect((await load(anna, chat.id)).chat.assigneeId).toBeNull();
    const admin = await as({ organizationId: chat.organizationId, sub: "vera", role: "admin" });
    await admin.patch("/me/organization", { replyTakesChat: true });

    const sent = await say(oleg, chat, "Mine");
    const { id, chatId } = await sent.json<{ id: number; chatId: number }>();
    await say(anna, chat, "Just helping");
    const { chat: row, messages, activities } = await load(anna, chatId);
    const own = messages.find((message) => message.id === id);
    expect(own).toMatchObject({ sentBy: { sub: "oleg" }, idempotencyKey: expect.any(String) });
    expect(row.assigneeId).toBe(own?.agentId);
    expect(activities).toMatchObject([{ kind: "assigned", agentId: own?.agentId, assigneeId: own?.agentId }]);
    expect(activities[0]?.seq).toBe((own?.seq ?? 0) + 1);
  });
});
