import { createRequire } from "node:module";
import { assert, given, run, webhookOf, webhooks } from "./cases.mjs";

const { createBot } = createRequire(import.meta.url)("whatsapp-cloud-api");
const { token, number, customer, media, verifyToken } = given;
const bot = createBot(number, token, { version: "v25.0" });
const sent = async (answer) => assert.match((await answer).messageId, /^wamid\./);

await run({
  text: () => sent(bot.sendText(customer, "hi", { preview_url: true })),
  "image by id": () => sent(bot.sendImage(customer, media, { caption: "look" })),
  "document by link": () =>
    sent(bot.sendDocument(customer, "https://example.org/a.pdf", { filename: "a.pdf" })),
  "audio by link": () => sent(bot.sendAudio(customer, "https://example.org/a.mp3")),
  location: () => sent(bot.sendLocation(customer, 1.5, 2, { name: "Office" })),
  contacts: () =>
    sent(
      bot.sendContacts(customer, [
        {
          name: { formatted_name: "Jo Doe", first_name: "Jo" },
          phones: [{ type: "HOME", phone: "+15551234567" }],
        },
      ]),
    ),
  buttons: () => sent(bot.sendReplyButtons(customer, "Pick", { a: "A", b: "B" }, { footerText: "Footer" })),
  list: () => sent(bot.sendList(customer, "Open", "Pick", { One: [{ id: "1", title: "First" }] })),
  template: () => sent(bot.sendTemplate(customer, "hello_world", "en_US")),
  "one-time code": () =>
    sent(
      bot.sendTemplate(customer, "login_code", "en", [
        { type: "body", parameters: [{ type: "text", text: "1" }] },
        { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: "1" }] },
      ]),
    ),
  "webhook messages": async () => {
    const heard = [];
    for (const event of ["text", "image", "button_reply", "location"])
      bot.on(event, ({ type }) => heard.push(type));
    const { server } = await bot.startExpressServer({ port: 0, webhookVerifyToken: verifyToken });
    const url = `http://127.0.0.1:${server.address().port}/webhook/whatsapp`;
    const query = `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1234`;
    assert.equal(await (await fetch(`${url}?${query}`)).text(), "1234");
    for (const { body } of webhooks.filter((one) => one.body.includes(`"field":"messages"`)))
      await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual([...new Set(heard)].sort(), ["button_reply", "image", "location", "text"]);
  },
  "webhook of the account": async () => {
    const { server } = await bot.startExpressServer();
    const url = `http://127.0.0.1:${server.address().port}/webhook/whatsapp`;
    const { body } = webhookOf("account_update");
    const headers = { "content-type": "application/json" };
    assert.equal((await fetch(url, { method: "POST", headers, body })).status, 200);
  },
});
