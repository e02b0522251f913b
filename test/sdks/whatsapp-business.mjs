import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { assert, given, png, run, webhookOf } from "./cases.mjs";

const { WABAClient, WebhookClient } = createRequire(import.meta.url)("whatsapp-business");
const { token, number, waba, customer, wamid, media, pngFile, folder } = given;
const client = new WABAClient({ apiToken: token, phoneId: number, accountId: waba });
const send = async (message) =>
  assert.match((await client.sendMessage({ to: customer, ...message })).messages[0].id, /^wamid\./);

await run({
  text: () => send({ type: "text", text: { body: "hi" } }),
  image: () => send({ type: "image", image: { id: media } }),
  template: () =>
    send({
      type: "template",
      template: { name: "hello_world", language: { policy: "deterministic", code: "en_US" } },
    }),
  buttons: () =>
    send({
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "Pick" },
        action: { buttons: [{ type: "reply", reply: { id: "a", title: "A" } }] },
      },
    }),
  read: async () => assert.equal((await client.markMessageAsRead(wamid)).success, true),
  profile: async () => {
    await client.updateBusinessProfile({ about: "Tea" });
    assert.equal((await client.getBusinessProfile(["about"])).data[0].about, "Tea");
  },
  "profile, all its fields": () => client.getBusinessProfile(),
  upload: async (shared) => {
    shared.media = (await client.uploadMedia({ file: pngFile, type: "image/png" })).id;
  },
  download: async (shared) => {
    const { url } = await client.getMedia(shared.media ?? media);
    const file = await client.downloadMedia(url, `${folder}/downloaded.png`);
    await once(file, "finish");
    assert.deepEqual(readFileSync(`${folder}/downloaded.png`), png);
  },
  "delete media": async (shared) => assert.equal((await client.deleteMedia(shared.media)).success, true),
  "phone numbers": async () => {
    assert.equal((await client.getBusinessPhoneNumbers()).data.length, 2);
    assert.equal((await client.getSingleBusinessPhoneNumber(number)).id, number);
  },
  "identity check": () => client.updateIdentityCheckState({ enable_identity_key_check: true }),
  "code, register, deregister, PIN": async () => {
    const phoneNumberId = given.unverified;
    await client.requestPhoneNumberVerificationCode({ phoneNumberId, code_method: "SMS", language: "en_US" });
    const { data } = await (await fetch(`${given.graph}/simulator/phones`)).json();
    const { code } = data.find(({ id }) => id === phoneNumberId);
    await client.verifyPhoneNumberCode({ phoneNumberId, code });
    await client.registerPhone({ phoneNumberId, pin: "123456" });
    await client.setupTwoStepAuth({ phoneNumberId, pin: "654321" });
    await client.deregisterPhone(phoneNumberId);
  },
  "webhook message, status": async () => {
    const heard = [];
    const express = createRequire(import.meta.url)("express");
    const app = express();
    app.use(express.json());
    new WebhookClient({
      token: given.verifyToken,
      path: "/webhook",
      expressApp: { app, shouldStartListening: false },
    }).initWebhook({
      onTextMessageReceived: ({ text }) => heard.push(text.body),
      onStatusReceived: ({ status }) => heard.push(status),
    });
    const server = app.listen(0);
    await once(server, "listening");
    for (const kind of ["Привет", '"statuses"'])
      await fetch(`http://127.0.0.1:${server.address().port}/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: webhookOf(kind).body,
      });
    server.close();
    assert.deepEqual(heard, ["Привет", "sent"]);
  },
});
