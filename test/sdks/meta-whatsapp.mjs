import { createRequire } from "node:module";
import { assert, given, run, webhookOf } from "./cases.mjs";

const { token, number, waba, customer, wamid, media, secret, verifyToken } = given;
Object.assign(process.env, {
  M4D_APP_ID: given.app,
  M4D_APP_SECRET: secret,
  WA_PHONE_NUMBER_ID: number,
  WA_BUSINESS_ACCOUNT_ID: waba,
  CLOUD_API_VERSION: "v25.0",
  CLOUD_API_ACCESS_TOKEN: token,
  WEBHOOK_ENDPOINT: "webhook",
  WEBHOOK_VERIFICATION_TOKEN: verifyToken,
  LISTENER_PORT: String(given.freePort),
});
const WhatsApp = createRequire(import.meta.url)("whatsapp");
const wa = new WhatsApp(Number(number));
const sent = async (call) => {
  const answer = await (await call).responseBodyToJSON();
  if (answer.error) throw Object.assign(new Error(answer.error.message), { error: answer.error });
  assert.match(answer.messages[0].id, /^wamid\./);
};

await run({
  text: () => sent(wa.messages.text({ body: "hi", preview_url: false }, Number(customer))),
  "text reply": () => sent(wa.messages.text({ body: "hi" }, Number(customer), wamid)),
  image: () => sent(wa.messages.image({ id: media, caption: "look" }, Number(customer))),
  location: () =>
    sent(wa.messages.location({ latitude: 1.5, longitude: 2, name: "Office" }, Number(customer))),
  contacts: () =>
    sent(wa.messages.contacts([{ name: { formatted_name: "Jo Doe", first_name: "Jo" } }], Number(customer))),
  interactive: () =>
    sent(
      wa.messages.interactive(
        {
          type: "button",
          body: { text: "Pick" },
          action: { buttons: [{ type: "reply", reply: { id: "a", title: "A" } }] },
        },
        Number(customer),
      ),
    ),
  template: () =>
    sent(
      wa.messages.template(
        { name: "hello_world", language: { policy: "deterministic", code: "en_US" } },
        Number(customer),
      ),
    ),
  read: async () =>
    assert.deepEqual(
      await (await wa.messages.status({ status: "read", message_id: wamid })).responseBodyToJSON(),
      { success: true },
    ),
  "two-step PIN": async () =>
    assert.deepEqual(await (await wa.twoStepVerification.setPin(123456)).responseBodyToJSON(), {
      success: true,
    }),
  "webhook message": async () => {
    const heard = [];
    wa.webhooks.start((status, _headers, body) =>
      heard.push([status, body?.entry?.[0].changes[0].value.messages?.[0].text?.body]),
    );
    const { body, signature } = webhookOf("Привет");
    const post = () =>
      fetch(`http://127.0.0.1:${given.freePort}/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": signature },
        body,
      });
    await post().catch(post);
    assert.deepEqual(heard, [[200, "Привет"]]);
  },
});
