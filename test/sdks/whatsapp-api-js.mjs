import { WhatsAppAPI } from "whatsapp-api-js";
import * as m from "whatsapp-api-js/messages";
import { accepted, assert, given, png, run, webhookOf } from "./cases.mjs";

const { token, number, customer, wamid, secret, verifyToken } = given;
const api = new WhatsAppAPI({ token, appSecret: secret, webhookVerifyToken: verifyToken, v: "v24.0" });
const send = async (message, ...rest) =>
  assert.match(
    accepted(await api.sendMessage(number, customer, message, ...rest)).messages[0].id,
    /^wamid\./,
  );

await run({
  text: () => send(new m.Text("hi", true)),
  "reply with tag": () => send(new m.Text("hi"), wamid, "tag"),
  "to a BSUID": async () =>
    assert.equal(
      accepted(await api.sendMessage(number, { bsuid: given.userId }, new m.Text("hi"))).contacts[0].user_id,
      given.userId,
    ),
  location: () => send(new m.Location(2, 1.5, "Office")),
  contacts: () => send(new m.Contacts([new m.Name("Jo Doe", "Jo"), new m.Phone("+15551234567", "WORK")])),
  reaction: () => send(new m.Reaction(wamid, "😀")),
  buttons: () => send(new m.Interactive(new m.ActionButtons(new m.Button("a", "A")), new m.Body("Pick"))),
  list: () =>
    send(
      new m.Interactive(
        new m.ActionList("Open", new m.ListSection("One", new m.Row("1", "First"))),
        new m.Body("Pick"),
      ),
    ),
  "CTA URL": () => send(new m.Interactive(new m.ActionCTA("Open", "https://example.org"), new m.Body("See"))),
  template: () => send(new m.Template("hello_world", new m.Language("en_US"))),
  "one-time code": () =>
    send(
      new m.Template(
        "login_code",
        new m.Language("en"),
        new m.BodyComponent(new m.BodyParameter("123456")),
        new m.URLComponent("123456"),
      ),
    ),
  "one-time code, its helper": () => send(m.Template.OTP("login_code", "en", "123456")),
  "read and typing": async () =>
    assert.equal(accepted(await api.markAsRead(number, wamid, "text")).success, true),
  upload: async (shared) => {
    const form = new FormData();
    form.set("file", new Blob([png], { type: "image/png" }), "a.png");
    shared.media = accepted(await api.uploadMedia(number, form)).id;
    await send(new m.Image(shared.media, true, "look"));
  },
  download: async (shared) => {
    const { url } = accepted(await api.retrieveMedia(shared.media, number));
    assert.deepEqual(Buffer.from(await (await api.fetchMedia(url)).arrayBuffer()), png);
  },
  "delete media": async (shared) =>
    assert.equal(accepted(await api.deleteMedia(shared.media, number)).success, true),
  "QR code": async () => {
    const { code } = accepted(await api.createQR(number, "Hi", "svg"));
    accepted(await api.updateQR(number, code, "Hello"));
    assert.equal(accepted(await api.retrieveQR(number, code)).data[0].prefilled_message, "Hello");
    assert.ok(accepted(await api.retrieveQR(number)).data.length >= 1);
    assert.equal(accepted(await api.deleteQR(number, code)).success, true);
  },
  "block and unblock": async () => {
    assert.equal(accepted(await api.blockUser(number, customer)).block_users.added_users.length, 1);
    assert.equal(accepted(await api.unblockUser(number, customer)).block_users.removed_users.length, 1);
  },
  "webhook handshake": () =>
    assert.equal(
      api.get({ "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": "1234" }),
      "1234",
    ),
  "webhook message": async () => {
    const { body, signature } = webhookOf("Привет");
    let text;
    api.on.message = ({ message }) => {
      text = message.text.body;
    };
    await api.post(JSON.parse(body), body, signature);
    assert.equal(text, "Привет");
  },
  "webhook status": async () => {
    const { body, signature } = webhookOf('"statuses"');
    let phone;
    api.on.status = (event) => {
      phone = event.phone;
    };
    await api.post(JSON.parse(body), body, signature);
    assert.equal(phone, customer);
  },
  "webhook of the account": async () => {
    const { body, signature } = webhookOf("account_update");
    await api.post(JSON.parse(body), body, signature);
  },
});
