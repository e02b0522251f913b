import { createWhatsAppAdapter } from "@chat-adapter/whatsapp";
import { assert, given, png, run, webhookOf } from "./cases.mjs";

const { graph, token, number, customer, wamid, secret, verifyToken } = given;
const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
const options = {
  apiUrl: graph,
  accessToken: token,
  appSecret: secret,
  phoneNumberId: number,
  verifyToken,
  userName: "bot",
  logger,
};
const adapter = createWhatsAppAdapter(options);
const thread = adapter.encodeThreadId({ phoneNumberId: number, userWaId: customer });
const heard = [];
const kept = new Map();
const state = {
  get: async (key) => kept.get(key) ?? null,
  getList: async (key) => kept.get(key) ?? [],
  set: async (key, value) => kept.set(key, value),
  delete: async (key) => kept.delete(key),
  appendToList: async (key, value) => kept.set(key, [...(kept.get(key) ?? []), value]),
  acquireLock: async () => ({}),
  releaseLock: async () => undefined,
};
await adapter.initialize({
  getState: () => state,
  getLogger: () => logger,
  getUserName: () => "bot",
  processMessage: (_, __, message) => heard.push(message),
  processReaction: (event) => heard.push(event),
  processAction: (event) => heard.push(event),
});

const post = (message) => adapter.postMessage(thread, message);
const hook = ({ body, signature }) =>
  adapter.handleWebhook(
    new Request("http://bot.example/", {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": signature },
    }),
    {},
  );

await run({
  text: async () => assert.match((await post("hi **there**")).id, /^wamid\./),
  "long text in parts": async () => assert.match((await post("word ".repeat(1500))).id, /^wamid\./),
  reply: async () => assert.match((await adapter.reply(thread, wamid, "hi")).id, /^wamid\./),
  file: async () =>
    assert.match(
      (await post({ markdown: "look", files: [{ filename: "a.png", mimeType: "image/png", data: png }] })).id,
      /^wamid\./,
    ),
  reaction: () => adapter.addReaction(thread, wamid, "thumbs_up"),
  "reaction taken back": () => adapter.removeReaction(thread, wamid, "thumbs_up"),
  template: async () =>
    assert.match(
      (await adapter.sendTemplate(thread, { name: "hello_world", language: "en_US" })).id,
      /^wamid\./,
    ),
  read: () => adapter.markAsRead(thread, wamid),
  "webhook handshake": async () => {
    const url = `http://bot.example/?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1234`;
    assert.equal(await (await adapter.handleWebhook(new Request(url))).text(), "1234");
  },
  "webhook message": async () => {
    assert.equal((await hook(webhookOf("Привет"))).status, 200);
    assert.equal(heard.length, 1);
  },
  typing: () => adapter.startTyping(thread),
  "webhook image, download": async () => {
    heard.length = 0;
    assert.equal((await hook(webhookOf('"image"'))).status, 200);
    const message = typeof heard[0] === "function" ? await heard[0]() : heard[0];
    assert.ok((await message.attachments[0].fetchData()).length > 0);
  },
});
