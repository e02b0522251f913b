import { bubble, textOf } from "./phone-bubbles.js";
import { element, initialsOf, request } from "./phone-request.js";
import { showAttachments, voiceRecorder } from "./phone-sends.js";

const POLL_MS = 700;
const field = (id) => document.getElementById(id);

let chosen = localStorage.getItem("customer") ?? "79160000001";
let templates = [];
let shown = "";
let listed = "";
let editing = null;

const path = (rest = "") => `/simulator/customers/${encodeURIComponent(chosen)}${rest}`;
const phoneQuery = () => `?phoneNumberId=${encodeURIComponent(field("number").value)}`;

/** Shows what goes wrong on the phone itself. */
async function attempt(work) {
  try {
    await work();
    field("problem").textContent = "";
  } catch (error) {
    field("problem").textContent = error.message;
  }
}

/** Sends a message of the customer, at the time of the phone's clock. */
function write(message) {
  field("attachments").hidden = true;
  field("attach").setAttribute("aria-expanded", "false");
  return attempt(async () => {
    const agoS = Number(field("clock").value);
    const timestamp = agoS > 0 ? { timestamp: Math.floor(Date.now() / 1000) - agoS } : {};
    await request(path(`/messages${phoneQuery()}`), "POST", { ...message, ...timestamp });
    await refresh();
  });
}

function edit(message) {
  editing = message.wamid;
  field("text").value = textOf(message);
  field("text").focus();
}

function showThread(messages) {
  const reactions = {};
  const deleted = new Set();
  const edits = {};
  for (const one of messages) {
    if (one.type === "reaction") reactions[one.reaction.message_id] = one.reaction.emoji;
    if (one.type === "revoke") deleted.add(one.revoke.original_message_id);
    if (one.type === "edit") edits[one.edit.original_message_id] = one.edit.message;
  }
  const byId = new Map(messages.map((one) => [one.wamid, one]));
  const items = [];
  let day = "";
  for (const one of messages) {
    if (["reaction", "revoke", "edit"].includes(one.type)) continue;
    const date = new Date(one.timestamp * 1000).toDateString();
    if (date !== day) items.push(element("li", "day", date));
    day = date;
    const message = deleted.has(one.wamid)
      ? { ...one, type: "text", text: { body: "You deleted this message" } }
      : { ...one, ...edits[one.wamid] };
    const original = byId.get(one.context?.message_id ?? one.context?.id);
    items.push(bubble(message, { write, templates, reactions, edit, quoted: original && textOf(original) }));
  }
  field("thread").replaceChildren(...items);
  field("thread").scrollTop = field("thread").scrollHeight;
}

function showCustomers(customers) {
  const items = customers.map((one) => {
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(one.id === chosen));
    const avatar = element("span", "avatar", initialsOf(one.name));
    avatar.setAttribute("aria-hidden", "true");
    const texts = element("span", "", one.name);
    texts.append(element("small", "", one.phone ? `+${one.phone}` : one.id));
    button.append(avatar, texts);
    button.addEventListener("click", () => choose(one.id));
    const item = element("li");
    item.append(button);
    return item;
  });
  field("customers").replaceChildren(...items);
}

function choose(id) {
  chosen = id;
  localStorage.setItem("customer", id);
  shown = "";
  return attempt(refresh);
}

async function refresh() {
  const [{ data }, customer] = await Promise.all([
    request(path(`/messages${phoneQuery()}`)),
    request(path()),
  ]);
  const { data: customers } = await request("/simulator/customers");
  if (document.activeElement !== field("name")) field("name").value = customer.name;
  field("avatar").textContent = initialsOf(customer.name);
  field("reads").checked = customer.reads;
  const isTyping = customer.typing?.phoneNumberId === field("number").value;
  field("typing").textContent = isTyping ? "typing…" : "";
  const list = JSON.stringify([chosen, customers.map(({ id, name }) => [id, name])]);
  if (list !== listed) showCustomers(customers);
  listed = list;
  const thread = JSON.stringify([customer.id, data]);
  if (thread === shown) return;
  shown = thread;
  templates = (await request("/simulator/templates")).data;
  showThread(data);
}

async function sendText() {
  const body = field("text").value.trim();
  if (body === "") return;
  field("text").value = "";
  const text = { type: "text", text: { body } };
  const original_message_id = editing;
  editing = null;
  await write(original_message_id ? { type: "edit", edit: { original_message_id, message: text } } : text);
}

field("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  void sendText();
});
field("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void sendText();
});
field("attach").addEventListener("click", () => {
  const panel = field("attachments");
  panel.hidden = !panel.hidden;
  field("attach").setAttribute("aria-expanded", String(!panel.hidden));
});
field("add").addEventListener("submit", (event) => {
  event.preventDefault();
  void choose(field("new-customer").value.trim()).then(() => event.target.reset());
});
const change = (settings) => attempt(async () => void (await request(path(), "PUT", settings)));
field("name").addEventListener("change", () => change({ name: field("name").value }));
field("reads").addEventListener("change", () => change({ reads: field("reads").checked }));
field("number").addEventListener("change", () => attempt(refresh));
showAttachments(field("attachments"), write);
voiceRecorder(field("record"), write);

await attempt(async () => {
  const { data } = await request("/simulator/phones");
  field("number").append(
    ...data.map((one) => new Option(`${one.verifiedName} ${one.displayPhoneNumber}`, one.id)),
  );
});
for (;;) {
  if (document.visibilityState === "visible") await attempt(refresh);
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
