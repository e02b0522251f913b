import { element } from "./phone-request.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "🙏"];
const FILES = { image: "img", sticker: "img", video: "video", audio: "audio" };

/**
 * A message as the phone shows it. `write` sends a message of the customer, `templates` are the account's, `reactions` the
 * emoji on each message by its id.
 */
export function bubble(message, { write, templates, reactions, quoted, edit }) {
  const item = element("li", message.from);
  const { type, wamid } = message;
  const content = message[type] ?? {};
  if (quoted) item.append(element("span", "quote", quoted));
  if (type in FILES) item.append(file(FILES[type], content));
  else if (type === "document") item.append(documentLink(content));
  else if (type === "location")
    item.append(line("strong", `📍 ${content.name ?? "Location"}`), line("faint", content.address));
  else if (type === "contacts")
    for (const card of content)
      item.append(line("strong", `👤 ${card.name.formatted_name}`), line("faint", card.phones?.[0]?.phone));
  else if (type === "interactive") item.append(...interactive(message, write));
  else if (type === "template") item.append(...template(message, templates, write));
  else item.append(line("", textOf(message)));
  if (content.caption) item.append(line("", content.caption));
  item.append(footer(message));
  if (reactions[wamid]) item.append(element("span", "reaction", reactions[wamid]));
  item.append(tools(message, write, edit));
  return item;
}

/** What a message says, in a line. */
export function textOf(message) {
  const content = message[message.type] ?? {};
  switch (message.type) {
    case "text":
      return content.body;
    case "button":
      return content.text;
    case "order":
      return `🛒 ${content.product_items.map((one) => `${one.quantity} × ${one.product_retailer_id}`).join(", ")}`;
    case "interactive":
      return (
        content.button_reply?.title ?? content.list_reply?.title ?? content.body?.text ?? `[${content.type}]`
      );
    case "template":
      return `[${content.name}]`;
    default:
      return content.caption ?? content.name ?? `[${message.type}]`;
  }
}

function line(className, text) {
  return text ? element("div", className, text) : "";
}

function file(tag, { id }) {
  const made = element(tag);
  made.src = `/simulator/media/${id}`;
  if (tag === "img") made.alt = "";
  else made.controls = true;
  return made;
}

function documentLink({ id, filename = "Document" }) {
  const link = element("a", "strong", `📄 ${filename}`);
  link.href = `/simulator/media/${id}`;
  link.download = filename;
  return link;
}

function footer({ from, status, timestamp }) {
  const note = element("div", "note");
  const at = new Date(timestamp * 1000);
  note.append(element("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })));
  if (from === "customer") {
    const ticks = element("span", `ticks ${status}`, status === "read" ? "✓✓" : "✓");
    ticks.title = status;
    note.append(ticks);
  }
  return note;
}

/** A pressed button answers the message that it is on. */
function buttons(message, titles, toReply, write) {
  if (titles.length === 0) return [];
  const place = element("div", "actions");
  for (const [i, title] of titles.entries()) {
    const button = element("button", "", title);
    button.type = "button";
    button.addEventListener("click", () => write({ ...toReply(i), context: { id: message.wamid } }));
    place.append(button);
  }
  return [place];
}

function interactive(message, write) {
  const { type, header, body, footer: foot, action = {}, ...rest } = message.interactive;
  if (message.from === "customer") return [line("", textOf(message))];
  const texts = [line("strong", header?.text), line("", body?.text ?? rest.text), line("faint", foot?.text)];
  if (type === "button") {
    const replies = (action.buttons ?? []).map(({ reply }) => reply);
    const reply = (i) => ({
      type: "interactive",
      interactive: { type: "button_reply", button_reply: replies[i] },
    });
    return [
      ...texts,
      ...buttons(
        message,
        replies.map(({ title }) => title),
        reply,
        write,
      ),
    ];
  }
  if (type === "list") {
    const rows = (action.sections ?? []).flatMap((section) => section.rows);
    const reply = (i) => ({ type: "interactive", interactive: { type: "list_reply", list_reply: rows[i] } });
    const list = element("details");
    list.append(element("summary", "strong", action.button ?? "Choose"));
    list.append(
      ...buttons(
        message,
        rows.map(({ title }) => title),
        reply,
        write,
      ),
    );
    return [...texts, list];
  }
  const { display_text: label, url } = action.parameters ?? {};
  return url ? [...texts, ...linkButton(label, url)] : texts;
}

function linkButton(label, url) {
  const place = element("div", "actions");
  const link = element("a", "", label);
  link.href = url;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  place.append(link);
  return [place];
}

function template(message, templates, write) {
  const { name, language, components = [] } = message.template;
  const made = templates.find((one) => one.name === name && one.language === language?.code);
  const part = (type) => made?.components.find((one) => one.type === type);
  const fill = (text = "", kind) => {
    const values = components.find((one) => one.type === kind)?.parameters ?? [];
    return text.replace(/\{\{(\w+)\}\}/g, (whole, key) => {
      const value = values.find((one) => one.parameter_name === key) ?? values[Number(key) - 1];
      return value?.text ?? whole;
    });
  };
  const quick = (part("BUTTONS")?.buttons ?? []).filter(({ type }) => type === "QUICK_REPLY");
  const reply = (i) => ({ type: "button", button: { text: quick[i].text, payload: quick[i].text } });
  return [
    line("strong", fill(part("HEADER")?.text, "header")),
    line("", fill(part("BODY")?.text, "body") || `[${name}]`),
    line("faint", part("FOOTER")?.text),
    ...buttons(
      message,
      quick.map(({ text }) => text),
      reply,
      write,
    ),
  ];
}

/** React to what the business wrote; change or delete what the customer wrote. */
function tools(message, write, edit) {
  const place = element("div", "tools");
  const add = (label, name, work) => {
    const button = element("button", "", label);
    button.type = "button";
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", work);
    place.append(button);
  };
  const original = { original_message_id: message.wamid };
  if (message.from === "business")
    for (const emoji of EMOJI)
      add(emoji, `React with ${emoji}`, () =>
        write({ type: "reaction", reaction: { message_id: message.wamid, emoji } }),
      );
  else {
    if (message.type === "text") add("✎", "Edit", () => edit(message));
    add("🗑", "Delete for everyone", () => write({ type: "revoke", revoke: original }));
  }
  return place;
}
