import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { assert, given, png, run, webhookOf } from "./cases.mjs";

const { graph, token, number: phoneNumberId, waba: businessAccountId, customer: to, wamid, secret } = given;
const client = new WhatsAppClient({ accessToken: token, baseUrl: graph, graphVersion: "v23.0" });
const sent = async (answer) => assert.match((await answer).messages[0].id, /^wamid\./);
const { messages, media, templates, phoneNumbers, flows } = client;

await run({
  text: () => sent(messages.sendText({ phoneNumberId, to, body: "hi", previewUrl: true })),
  "reply with context": () =>
    sent(messages.sendText({ phoneNumberId, to, body: "hi", contextMessageId: wamid })),
  location: () =>
    sent(messages.sendLocation({ phoneNumberId, to, location: { latitude: 1.5, longitude: 2 } })),
  contacts: () =>
    sent(
      messages.sendContacts({
        phoneNumberId,
        to,
        contacts: [
          { name: { formattedName: "Jo Doe", firstName: "Jo" }, phones: [{ phone: "+15551234567" }] },
        ],
      }),
    ),
  reaction: () =>
    sent(messages.sendReaction({ phoneNumberId, to, reaction: { messageId: wamid, emoji: "😀" } })),
  buttons: () =>
    sent(
      messages.sendInteractiveButtons({
        phoneNumberId,
        to,
        bodyText: "Pick",
        buttons: [{ id: "a", title: "A" }],
      }),
    ),
  list: () =>
    sent(
      messages.sendInteractiveList({
        phoneNumberId,
        to,
        bodyText: "Pick",
        buttonText: "Open",
        sections: [{ title: "One", rows: [{ id: "1", title: "First" }] }],
      }),
    ),
  "CTA URL": () =>
    sent(
      messages.sendInteractiveCtaUrl({
        phoneNumberId,
        to,
        bodyText: "See",
        parameters: { displayText: "Open", url: "https://example.org" },
      }),
    ),
  "location request": () =>
    sent(
      messages.sendInteractiveLocationRequest({
        phoneNumberId,
        to,
        bodyText: "Where?",
        parameters: { requestMessage: "Where?" },
      }),
    ),
  carousel: () => {
    const card = (cardIndex) => ({
      cardIndex,
      header: { type: "image", image: { link: "https://example.org/1.jpg" } },
      bodyText: "Card",
      action: { displayText: "View", url: "https://example.org" },
    });
    return sent(
      messages.sendInteractiveCarousel({ phoneNumberId, to, bodyText: "Choose", cards: [card(0), card(1)] }),
    );
  },
  template: () =>
    sent(
      messages.sendTemplate({
        phoneNumberId,
        to,
        template: { name: "hello_world", language: { code: "en_US" } },
      }),
    ),
  "one-time code": () =>
    sent(
      messages.sendTemplate({
        phoneNumberId,
        to,
        template: {
          name: "login_code",
          language: { code: "en" },
          components: [
            { type: "body", parameters: [{ type: "text", text: "123456" }] },
            { type: "button", subType: "url", index: 0, parameters: [{ type: "text", text: "123456" }] },
          ],
        },
      }),
    ),
  "read and typing": async () =>
    assert.equal(
      (await messages.markRead({ phoneNumberId, messageId: wamid, typingIndicator: { type: "text" } }))
        .success,
      true,
    ),
  upload: async (shared) => {
    shared.media = (
      await media.upload({
        phoneNumberId,
        type: "image",
        file: new Blob([png], { type: "image/png" }),
        fileName: "a.png",
      })
    ).id;
    await sent(messages.sendImage({ phoneNumberId, to, image: { id: shared.media, caption: "look" } }));
  },
  download: async (shared) =>
    assert.deepEqual(Buffer.from(await media.download({ mediaId: shared.media, auth: "always" })), png),
  "delete media": async (shared) =>
    assert.equal((await media.delete({ mediaId: shared.media })).success, true),
  "templates, all pages": async () => {
    const names = [];
    let after;
    do {
      const page = await templates.list({ businessAccountId, limit: 2, after });
      names.push(...page.data.map(({ name }) => name));
      after = page.paging?.next ? page.paging.cursors.after : undefined;
    } while (after);
    assert.equal(new Set(names).size, 6);
  },
  "template create, get, delete": async () => {
    const { id } = await templates.create({
      businessAccountId,
      name: "made_by_kapso",
      language: "en",
      category: "UTILITY",
      components: [{ type: "BODY", text: "Hi" }],
    });
    assert.equal((await templates.get({ businessAccountId, templateId: id })).name, "made_by_kapso");
    assert.equal((await templates.delete({ businessAccountId, name: "made_by_kapso" })).success, true);
  },
  "phone settings and profile": async () => {
    await phoneNumbers.settings.update({ phoneNumberId, fallbackLanguage: "en" });
    await phoneNumbers.settings.get({ phoneNumberId });
    await phoneNumbers.businessProfile.update({ phoneNumberId, about: "Tea" });
    assert.equal((await phoneNumbers.businessProfile.get({ phoneNumberId })).data[0].about, "Tea");
  },
  "register and deregister": async () => {
    await phoneNumbers.deregister({ phoneNumberId: given.spare });
    await phoneNumbers.register({ phoneNumberId: given.spare, pin: "123456" });
  },
  flow: async () => {
    const flowJson = { version: "7.1", screens: [] };
    const { flowId, validationErrors } = await flows.deploy(flowJson, {
      wabaId: businessAccountId,
      name: "kapso",
      publish: true,
      preview: true,
    });
    assert.deepEqual(validationErrors ?? [], []);
    assert.equal((await flows.get({ flowId, fields: "id,name,status" })).status, "PUBLISHED");
    assert.equal((await flows.list({ wabaId: businessAccountId })).data.length, 1);
  },
  "webhook signature": () => {
    const { body, signature } = webhookOf("Привет");
    assert.equal(verifySignature({ appSecret: secret, rawBody: body, signatureHeader: signature }), true);
  },
  "webhook message, status": () => {
    const [message] = normalizeWebhook(JSON.parse(webhookOf("Привет").body)).messages;
    assert.equal(message.text.body, "Привет");
    assert.equal(message.kapso.direction, "inbound");
    assert.equal(normalizeWebhook(JSON.parse(webhookOf('"statuses"').body)).statuses.length, 1);
  },
});
