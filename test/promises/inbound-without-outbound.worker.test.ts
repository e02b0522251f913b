import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { db } from "../support/build.ts";
import { aLiveChat, misbehave } from "../support/graph.ts";
import { aBody, aText, deliverAndStore, sign } from "../support/meta.ts";
import { askWith } from "../support/worker.ts";

type Chat = Awaited<ReturnType<typeof aLiveChat>>;

const textTo = ({ organizationPhoneId, id }: Chat) => ({
  organizationPhoneId,
  chatId: id,
  type: "text",
  message: "Hi",
});

async function newest(chat: Chat) {
  const answer = await (await as(chat)).get(`/chats/${chat.id}`);
  return (await answer.json<{ lastMessage: { body: string } }>()).lastMessage.body;
}

describe("what a customer writes", () => {
  it.for<[string, string, string | null]>([
    ["has no token that works", "wabaAccessToken", "secret:WABA_ACCESS_TOKEN_GONE"],
    ["has a token that cannot be opened", "wabaAccessToken", "sealed:v1:00000000:AAAA:AAAA"],
    ["has a version that is none", "wabaApiVersion", "latest"],
  ])("comes in though its number %s", async ([, column, value], { expect }) => {
    const chat = await aLiveChat();
    await db.execute(
      sql`update "OrganizationPhone" set ${sql.identifier(column)} = ${value} where id = ${chat.organizationPhoneId}`,
    );
    expect((await (await as(chat)).post("/send", textTo(chat))).status).toBe(502);

    const at = new Date(Date.now() + 60_000);
    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "Are you there?", at }));

    expect(await newest(chat)).toBe("Are you there?");
  });

  it("comes in while Graph does not answer, and many sends wait", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { phoneNumberId } = chat;
    await misbehave({ delayAnswer: { ms: 2_000, phoneNumberId, times: 1 } });
    const waiting = Promise.all(Array.from({ length: 12 }, () => anna.post("/send", textTo(chat))));
    let isOver = false;
    void waiting.then(() => {
      isOver = true;
    });

    const at = new Date(Date.now() + 60_000);
    await deliverAndStore(phoneNumberId, aText({ from: chat.customer, body: "Are you there?", at }));

    expect(isOver).toBe(false);
    expect(await newest(chat)).toBe("Are you there?");
    expect((await waiting).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
  });

  it("comes in though senders, rooms and the secrets for sending are away", async ({ expect }) => {
    const chat = await aLiveChat();
    const away = {
      getByName: () => {
        throw new Error("away");
      },
    };
    const crippled = {
      ...env,
      SENDER: away,
      CHAT_ROOM: away,
      INBOX_HUB: away,
      WABA_ACCESS_TOKEN: "",
      TOKEN_SEALING_KEY: "nonsense",
      GRAPH_BASE_URL: "https://graph.invalid",
      JWT_SECRET: "",
      SIGNING_KEY: "",
      WABA_VERIFY_TOKEN: "",
    };
    const text = JSON.stringify(
      aBody(chat.phoneNumberId, aText({ from: chat.customer, body: "Are you there?" })),
    );
    const body = new TextEncoder().encode(text);
    const init = { method: "POST", headers: { "x-hub-signature-256": await sign(body) }, body };

    expect((await askWith(crippled, "/api/waba/webhook", init)).status).toBe(200);

    expect(await newest(chat)).toBe("Are you there?");
  });
});
