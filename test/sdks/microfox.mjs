import { WhatsAppBusinessSDK } from "@microfox/whatsapp-business";
import { assert, given, png, run } from "./cases.mjs";

const { graph, token, number, waba, customer, wamid, media } = given;
process.env.WHATSAPP_WEBHOOK_URL = "http://bot.example/webhook";
const sdk = new WhatsAppBusinessSDK({
  phoneNumberId: number,
  businessAccountId: waba,
  accessToken: token,
  baseUrl: `${graph}/v22.0`,
});
const sent = async (answer) => assert.match((await answer).data.messages[0].id, /^wamid\./);

await run({
  text: () => sent(sdk.sendTextMessage(customer, "hi")),
  image: () => sent(sdk.sendImageMessage(customer, { id: media, caption: "look" })),
  location: () =>
    sent(
      sdk.sendLocationMessage(customer, { latitude: 1.5, longitude: 2, name: "Office", address: "1 Street" }),
    ),
  contacts: () =>
    sent(
      sdk.sendContactMessage(customer, [
        {
          name: { formatted_name: "Jo Doe", first_name: "Jo" },
          phones: [{ phone: "+15551234567", type: "WORK" }],
        },
      ]),
    ),
  buttons: () =>
    sent(
      sdk.sendInteractiveMessage(customer, {
        type: "button",
        body: { text: "Pick" },
        action: { buttons: [{ type: "reply", reply: { id: "a", title: "A" } }] },
      }),
    ),
  template: () => sent(sdk.sendTemplateMessage(customer, "hello_world", "en_US")),
  reaction: () => sent(sdk.sendReaction(customer, wamid, "😀")),
  reply: () => sent(sdk.sendReply(customer, "text", "hi", wamid)),
  "CTA URL": () => sent(sdk.sendInteractiveCtaMessage(customer, "See", "https://example.org")),
  "location request": () => sent(sdk.sendLocationRequestMessage(customer, "Where?")),
  read: async () => assert.equal((await sdk.markMessageAsRead(wamid)).data.success, true),
  typing: async () =>
    assert.equal(
      (await sdk.sendTypingIndicator({ messageId: wamid, message_id: wamid, type: "text" })).success,
      true,
    ),
  upload: async (shared) => {
    shared.media = (await sdk.uploadMedia(new File([png], "a.png", { type: "image/png" }), "image")).data.id;
  },
  download: async (shared) =>
    assert.deepEqual(Buffer.from((await sdk.downloadMedia(shared.media ?? media)).data), png),
  profile: async () => {
    await sdk.updateBusinessProfile({ about: "Tea" });
    assert.ok((await sdk.getBusinessProfile()).data[0]);
  },
  templates: async () => assert.equal((await sdk.getTemplates({ limit: 3, offset: 0 })).data.data.length, 3),
  "template create, delete": async () => {
    await sdk.createTemplate({
      name: "made_by_microfox",
      category: "UTILITY",
      language: "en",
      components: [{ type: "body", text: "Hi", parameters: [] }],
    });
    assert.equal((await sdk.deleteTemplate("made_by_microfox")).data.success, true);
  },
  "phone numbers": async () => assert.equal((await sdk.getPhoneNumbers()).data.data.length, 2),
  "configure conversational components": async () =>
    assert.equal(
      (await sdk.configureConversationalComponents({ enable_welcome_message: true, prompts: ["Prices"] }))
        .success,
      true,
    ),
  "read conversational components": () => sdk.getConversationalComponents(),
  "register, deregister": async () => {
    await sdk.deregisterPhone(given.spare);
    await sdk.registerPhone(given.spare, "123456");
  },
  "commerce settings": () => sdk.getCommerceSettings(),
  "QR code": () => sdk.getQRCode(),
  analytics: () => sdk.getAnalytics({ granularity: "DAY", start: "1", end: "2" }),
});
