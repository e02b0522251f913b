import Client from "@great-detail/whatsapp";
import { assert, given, png, run, webhookOf } from "./cases.mjs";

const { graph, token, number: phoneNumberID, waba: businessAccountID, customer: to, wamid, secret } = given;
const sdk = new Client({ baseUrl: graph, request: { headers: { Authorization: `Bearer ${token}` } } });
const json = async (call) => await call.json();
const send = async (message) =>
  assert.match(
    (await json(sdk.message.createMessage({ phoneNumberID, to, ...message }))).messages[0].id,
    /^wamid\./,
  );

await run({
  text: () => send({ type: "text", text: { body: "hi" } }),
  buttons: () =>
    send({
      type: "interactive",
      interactive: {
        type: "button",
        body: { text: "Pick" },
        action: { buttons: [{ type: "reply", reply: { id: "a", title: "A" } }] },
      },
    }),
  template: () => send({ type: "template", template: { name: "hello_world", language: { code: "en_US" } } }),
  "read and typing": async () =>
    assert.equal(
      (
        await json(
          sdk.message.createStatus({
            phoneNumberID,
            message_id: wamid,
            status: "read",
            typing_indicator: { type: "text" },
          }),
        )
      ).success,
      true,
    ),
  upload: async (shared) => {
    const file = new File([png], "a.png", { type: "image/png" });
    shared.media = (
      await json(sdk.media.upload({ phoneNumberID, mimeType: "image/png", file, filename: "a.png" }))
    ).id;
    await send({ type: "image", image: { id: shared.media } });
  },
  download: async (shared) => {
    const { url } = await json(sdk.media.getURL({ mediaID: shared.media, phoneNumberID }));
    const file = await sdk.media.download({
      mediaURL: url,
      request: { headers: { Authorization: `Bearer ${token}` } },
    });
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), png);
  },
  "delete media": async (shared) =>
    assert.equal((await json(sdk.media.delete({ mediaID: shared.media, phoneNumberID }))).success, true),
  profile: async () => {
    await json(sdk.businessProfile.updateBusinessProfile({ phoneNumberID, about: "Tea" }));
    assert.equal(
      (await json(sdk.businessProfile.getBusinessProfile({ phoneNumberID, fields: ["about"] }))).data[0]
        .about,
      "Tea",
    );
  },
  "phone numbers": async () => {
    const list = await json(
      sdk.phoneNumbers.listPhoneNumbers({ businessAccountID, fields: ["id", ["throughput", ["level"]]] }),
    );
    assert.equal(list.data.length, 2);
    assert.equal(
      (await json(sdk.phoneNumbers.getPhoneNumber({ phoneNumberID, fields: ["verified_name"] }))).id,
      phoneNumberID,
    );
    await json(sdk.phoneNumbers.updatePhoneNumber({ phoneNumberID, new_display_name: "Tea" }));
  },
  WABA: async () =>
    assert.equal(
      (await json(sdk.whatsappBusinessAccount.get(businessAccountID, { fields: ["id", "name"] }))).id,
      businessAccountID,
    ),
  subscription: async () => {
    await json(sdk.subscribedApps.createSubscription({ businessAccountID }));
    assert.equal((await json(sdk.subscribedApps.listSubscriptions({ businessAccountID }))).data.length, 1);
  },
  "templates with filters": async () => {
    const list = await json(
      sdk.template.list(businessAccountID, {
        status: ["APPROVED", "PENDING"],
        category: ["MARKETING"],
        limit: 1,
        fields: ["name", "status"],
      }),
    );
    assert.deepEqual(Object.keys(list.data[0]), ["name", "status", "id"]);
  },
  "template create, update, delete": async () => {
    const components = [{ type: "BODY", text: "Hi" }];
    const { id } = await json(
      sdk.template.create(businessAccountID, {
        name: "made_by_great_detail",
        language: "en",
        category: "UTILITY",
        components,
      }),
    );
    await fetch(`${graph}/simulator/templates/${id}`, {
      method: "POST",
      body: JSON.stringify({ status: "APPROVED" }),
    });
    assert.equal(
      (await json(sdk.template.update(id, { components: [{ type: "BODY", text: "Hello" }] }))).success,
      true,
    );
    assert.equal(
      (await json(sdk.template.delete(businessAccountID, { name: "made_by_great_detail" }))).success,
      true,
    );
  },
  "conversational automation": async () =>
    assert.equal(
      (
        await json(
          sdk.conversationalAutomation.setConversationalAutomation({ phoneNumberID, prompts: ["Prices"] }),
        )
      ).success,
      true,
    ),
  "webhook handshake": async () => {
    const query = { "hub.mode": "subscribe", "hub.challenge": "1234", "hub.verify_token": "x" };
    assert.equal((await sdk.webhook.register({ method: "GET", query, headers: {} })).accept(), "1234");
  },
  "webhook signature": async () => {
    const { body, signature } = webhookOf("Привет");
    const event = await sdk.webhook.eventNotification({
      method: "POST",
      query: {},
      headers: { "x-hub-signature-256": signature },
      body,
    });
    await event.verifySignature(secret);
  },
});
