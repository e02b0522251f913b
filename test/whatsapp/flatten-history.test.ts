import { describe, it } from "vitest";
import { again, bodyWith, flattenBody, lostOf, messagesOf, noticesOf } from "./fixtures.ts";

const metadata = { phase: 1, chunk_order: 3, progress: 55 };
const theirs = {
  id: "wamid.1",
  from: "79161234567",
  timestamp: "1780000000",
  type: "text",
  text: { body: "Hello" },
  history_context: { status: "READ" },
};
const ours = { ...theirs, id: "wamid.2", from: "79001234567", to: "79161234567" };
const thread = { id: "79161234567", context: { wa_id: "79161234567", username: "anna.ru" } };
const historyOf = (...history: unknown[]) => bodyWith({ history }, "history");

describe("a chunk of a phone's history", () => {
  it("gives each message by itself, as old, with how far ours had come", ({ expect }) => {
    const pending = { ...ours, id: "wamid.3", history_context: { status: "pending" } };
    const strange = { ...ours, id: "wamid.4", history_context: { status: "TELEPATHY" } };
    const body = historyOf(
      { metadata, threads: [{ ...thread, messages: [theirs, ours] }] },
      { metadata: { phase: 2 }, threads: [{ ...thread, messages: [pending, strange] }] },
    );
    const events = flattenBody(body);
    expect(messagesOf(events)).toMatchObject([
      { wamid: "wamid.1", fromMe: false, contact: { phone: "79161234567", username: "anna.ru" } },
      { wamid: "wamid.2", fromMe: true, status: "read", contact: { phone: "79161234567" } },
      { wamid: "wamid.3", status: "accepted" },
      { wamid: "wamid.4", fromMe: true },
    ]);
    for (const message of messagesOf(events)) {
      expect(message).toMatchObject({ isHistory: true, opensServiceWindow: false, body: "Hello" });
      expect(again(message)).toEqual([message]);
    }
    expect(messagesOf(events)[0]).not.toHaveProperty("status");
    expect(messagesOf(events)[3]).not.toHaveProperty("status");
    expect(events).toHaveLength(4);
    expect(lostOf(JSON.stringify(body), events)).toEqual([]);
  });

  it("keeps whatever else stands in it, and harms no message for it", ({ expect }) => {
    const body = historyOf(
      { metadata, threads: [{ ...thread, more: 1, messages: [theirs, null, { id: "wamid.X" }] }] },
      { metadata, threads: [{ ...thread, messages: [] }, "odd", { ...thread, messages: "odd" }] },
      { metadata, threads: [], beside: 2 },
      { errors: [{ code: 2593109 }], metadata, threads: [{ ...thread, messages: [ours] }] },
      "odd",
    );
    const events = flattenBody(body);
    expect(messagesOf(events).map(({ wamid }) => wamid)).toEqual(["wamid.1", "wamid.2"]);
    expect(noticesOf(events).filter(({ reason }) => reason === "unreadable_item")).toHaveLength(2);
    expect(lostOf(JSON.stringify(body), events)).toEqual([]);
    for (const event of events) expect(again(event)).toEqual([event]);
  });

  it("brings the files of placeholders as old messages too", ({ expect }) => {
    const image = { type: "image", image: { id: "11", mime_type: "image/jpeg", sha256: "AbC=" } };
    const value = { messages: [{ ...theirs, ...image }], message_echoes: [{ ...ours, ...image }] };
    const events = flattenBody(bodyWith(value, "history"));
    const media = { metaId: "11", mimeType: "image/jpeg", fileName: null, sha256: "AbC=" };
    expect(messagesOf(events)).toMatchObject([
      { wamid: "wamid.1", fromMe: false, isHistory: true, media },
      { wamid: "wamid.2", fromMe: true, isHistory: true, media },
    ]);
    expect(events).toHaveLength(2);
  });

  it("that was declined is a notice", ({ expect }) => {
    const events = flattenBody(historyOf({ errors: [{ code: 2593109 }] }));
    expect(events).toMatchObject([{ kind: "notice", field: "history", reason: null }]);
  });

  it("is not what another app holds: that is stored, and never applied", ({ expect }) => {
    const events = flattenBody(bodyWith({ standby: { messages: [theirs], statuses: [{}] } }, "standby"));
    expect(events).toMatchObject([{ kind: "notice", field: "standby", reason: null }]);
    expect(events).toHaveLength(1);
  });
});

describe("the names in a body", () => {
  const known = { full_name: "Anna B.", first_name: "Anna", phone_number: "79161234567" };
  const sync = (contact: object, action = "add") => ({
    type: "contact",
    contact,
    action,
    metadata: { timestamp: "1780000000" },
  });

  it("are those of the phone's address book, and of groups", ({ expect }) => {
    const book = [sync(known), sync({ ...known, full_name: undefined }), sync(known, "remove")];
    const [contacts] = noticesOf(flattenBody(bodyWith({ state_sync: book }, "smb_app_state_sync")));
    const who = { phone: "79161234567", userId: null, groupId: null, at: "2026-05-28T20:26:40.000Z" };
    expect(contacts?.names).toEqual([
      { ...who, name: "Anna B." },
      { ...who, name: "Anna" },
    ]);
    const group = { timestamp: "1780000000", group_id: "g.1", type: "group_create", subject: "Friends" };
    const value = { groups: [group, { ...group, subject: undefined }] };
    const [groups] = noticesOf(flattenBody(bodyWith(value, "group_lifecycle_update")));
    expect(groups?.names).toEqual([{ ...who, phone: null, groupId: "g.1", name: "Friends" }]);
  });
});
