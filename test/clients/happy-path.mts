// Runs beside the client that clients.ts has generated from docs/openapi.json, with the types that the document gives it.
import assert from "node:assert/strict";
import { client } from "./generated/client.gen.ts";
import { getChat, listChats, listMessages, readMedia, sendMessage, uploadMedia } from "./generated/index.ts";

const [baseUrl = "", token = "", simulator = ""] = process.argv.slice(2);
client.setConfig({ baseUrl, auth: () => token });

// A customer writes; the message is there once its webhook is stored.
const written = await fetch(`${simulator}/simulator/customers/79990001122/messages`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ type: "text", text: { body: "Hello" } }),
});
assert.ok(written.ok);

async function firstChat() {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const { data } = await listChats({ query: { limit: 10 } });
    const chat = data?.data.find(({ contact }) => contact.phone?.endsWith("79990001122"));
    if (chat) return chat;
  }
  throw new Error("The message did not arrive.");
}

const chat = await firstChat();
const { data: messages } = await listMessages({ path: { id: chat.id } });
const last = messages?.data.at(-1);
assert.equal(last?.body, "Hello");
assert.equal(last.media, null);

const { organizationPhoneId } = chat;
const { data: sent } = await sendMessage({
  body: { organizationPhoneId, chatId: chat.id, type: "text", message: "Hi" },
});
assert.equal(sent?.status, "accepted");

const bytes = new Blob(["a text file"], { type: "text/plain" });
const { data: uploaded, response } = await uploadMedia({
  query: { organizationPhoneId, fileName: "a.txt" },
  body: bytes,
  // The body is the file itself.
  bodySerializer: null,
  headers: { "content-type": bytes.type },
});
assert.equal(response?.status, 201);
assert.ok(uploaded);
assert.equal(response.headers.get("location"), `/api/waba/media/${uploaded.id}`);

const { data: file } = await readMedia({ path: { id: uploaded.id }, parseAs: "blob" });
assert.equal(await (file as Blob).text(), "a text file");

const { error, data: nothing } = await getChat({ path: { id: 2_147_483_647 } });
assert.equal(nothing, undefined);
assert.equal(error?.code, "not_found");
assert.equal(error.retryable, false);

console.log("list, messages, send, upload, download, 404: as the document says.");
