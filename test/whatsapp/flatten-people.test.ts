import { describe, it } from "vitest";
import amendments from "../fixtures/meta/amendments.json" with { type: "json" };
import bsuidInFrom from "../fixtures/meta/bsuid-in-from.json" with { type: "json" };
import echoes from "../fixtures/meta/echoes.json" with { type: "json" };
import group from "../fixtures/meta/group.json" with { type: "json" };
import onlyBsuid from "../fixtures/meta/only-bsuid.json" with { type: "json" };
import statuses from "../fixtures/meta/statuses.json" with { type: "json" };
import system from "../fixtures/meta/system.json" with { type: "json" };
import { bodyWith, flattenBody, messagesOf, statusesOf } from "./fixtures.ts";

const nobody = { phone: null, userId: null };

describe("a person outside", () => {
  it("is known by BSUID alone", ({ expect }) => {
    const [event] = messagesOf(flattenBody(onlyBsuid));
    const vera = { ...nobody, groupId: null, userId: "RU.48151623420002", username: "vera", name: "Vera" };
    expect(event?.contact).toEqual(vera);
  });

  it("has no phone when a BSUID stands where the phone should", ({ expect }) => {
    const [event] = messagesOf(flattenBody(bsuidInFrom));
    expect(event?.contact).toMatchObject({ phone: null, userId: "RU.48151623420002", name: "Vera" });
  });

  it("has a name also when the lone contact's wa_id is not the lone message's from", ({ expect }) => {
    const message = {
      from: "5511987654321",
      id: "wamid.X",
      timestamp: "1",
      type: "text",
      text: { body: "x" },
    };
    const ana = { profile: { name: "Ana" }, wa_id: "551187654321" };
    const zoe = { profile: { name: "Zoe" }, wa_id: "551100000000" };
    const nameIn = (contacts: object[]) =>
      messagesOf(flattenBody(bodyWith({ contacts, messages: [message] })))[0]?.contact;
    expect(nameIn([ana])).toMatchObject({ phone: "5511987654321", name: "Ana" });
    expect(nameIn([ana, zoe])).toMatchObject({ phone: "5511987654321", name: null });
  });

  it("has that name in all that a lone person has written, and in nothing that others have", ({ expect }) => {
    const ana = { profile: { name: "Ana" }, wa_id: "551187654321" };
    const text = { timestamp: "1", type: "text", text: { body: "x" } };
    const namesOf = (...people: string[]) => {
      const messages = people.map((from, i) => ({ ...text, from, id: `wamid.${i}` }));
      return messagesOf(flattenBody(bodyWith({ contacts: [ana], messages }))).map(
        ({ contact }) => contact.name,
      );
    };
    expect(namesOf("5511987654321", "5511987654321")).toEqual(["Ana", "Ana"]);
    expect(namesOf("5511987654321", "551100000000")).toEqual([null, null]);
  });

  it("is the group, and its members report one by one", ({ expect }) => {
    const events = flattenBody(group);
    const theGroup = { ...nobody, groupId: "Y2FwaV9ncm91cDoxMjM", username: null, name: null };
    expect(messagesOf(events).map(({ contact }) => contact)).toEqual([theGroup]);
    expect(statusesOf(events).map(({ participant, contact }) => [participant, contact])).toEqual([
      ["79161234567", nobody],
      ["RU.48151623420002", nobody],
      ["79037654321", nobody],
    ]);
  });

  it("is the receiver of an echo, which opens no window", ({ expect }) => {
    const events = messagesOf(flattenBody(echoes));
    expect(
      events.map(({ contact, fromMe, opensServiceWindow }) => [
        contact.phone,
        contact.userId,
        fromMe,
        opensServiceWindow,
      ]),
    ).toEqual([
      ["79161234567", "RU.48151623420001", true, false],
      [null, "RU.48151623420002", true, false],
    ]);
    expect(events[1]).toMatchObject({ amends: "revoke", refersTo: "wamid.ECHO", body: "[deleted]" });
  });

  it("is the same person however their number is written", ({ expect }) => {
    const text = { timestamp: "1790000000", type: "text", text: { body: "Hi" } };
    const contacts = [
      { profile: { name: "Bob" }, wa_id: "79037654321" },
      { profile: { name: "Anna" }, wa_id: "79161234567" },
    ];
    const messages = [
      { ...text, from: "+79161234567", id: "wamid.A" },
      { ...text, from: "+7 (903) 765-43-21", id: "wamid.B" },
    ];
    expect(
      messagesOf(flattenBody(bodyWith({ contacts, messages }))).map(({ contact }) => contact),
    ).toMatchObject([
      { phone: "79161234567", name: "Anna" },
      { phone: "79037654321", name: "Bob" },
    ]);
    const status = { id: "wamid.S", status: "sent", timestamp: "1790000000", recipient_id: "+79161234567" };
    expect(statusesOf(flattenBody(bodyWith({ statuses: [status] })))).toMatchObject([
      { contact: { phone: "79161234567" } },
    ]);
    const echo = { ...text, from: "+79001234567", to: "+79161234567", id: "wamid.E" };
    for (const field of ["smb_message_echoes", "message_echoes"]) {
      expect(messagesOf(flattenBody(bodyWith({ message_echoes: [echo] }, field)))).toMatchObject([
        { fromMe: true, contact: { phone: "79161234567" }, body: "Hi" },
      ]);
    }
    const call = { id: "wacid.1", event: "connect", direction: "USER_INITIATED", timestamp: "1790000000" };
    const calls = [{ ...call, from: "+79161234567", to: "+79001234567" }];
    expect(messagesOf(flattenBody(bodyWith({ contacts, calls }, "calls")))).toMatchObject([
      { contact: { phone: "79161234567", name: "Anna" } },
    ]);
  });

  it("is nobody who is named as the sender of what we write in a group", ({ expect }) => {
    const echo = { from: "79001234567", group_id: "GROUP.1", id: "wamid.E", timestamp: "1790000000" };
    const value = { message_echoes: [{ ...echo, type: "text", text: { body: "Ours" } }] };
    const [message] = messagesOf(flattenBody(bodyWith(value, "smb_message_echoes")));
    expect(message).toMatchObject({ fromMe: true, contact: { groupId: "GROUP.1" } });
    expect(JSON.parse(message?.content ?? "")).toMatchObject({ text: "Ours", sender: null });
  });

  it("is known by the new id when a change of ids names nobody else", ({ expect }) => {
    const events = messagesOf(flattenBody(system));
    expect(
      events.map(({ messageType, contact, opensServiceWindow }) => [
        messageType,
        contact.phone,
        contact.userId,
        opensServiceWindow,
      ]),
    ).toEqual([
      ["system", "79161234567", null, false],
      ["system", null, "RU.48151623420002", false],
      ["request_welcome", "79161234567", null, true],
      ["unsupported", "79161234567", null, true],
    ]);
  });
});

describe("a message that refers to another", () => {
  it("says what it does to it", ({ expect }) => {
    const events = messagesOf(flattenBody(amendments));
    const table = events.map((e) => [
      e.wamid.slice(6),
      e.amends,
      e.refersTo,
      e.emoji,
      e.newBody,
      e.body,
      e.opensServiceWindow,
    ]);
    expect(table).toEqual([
      ["R1", "reaction", "wamid.TEXT", "👍", null, "👍", false],
      ["R2", "reaction", "wamid.TEXT", null, null, "[reaction removed]", false],
      ["R3", "reaction", "wamid.TEXT", null, null, "[reaction removed]", false],
      ["E1", "edit", "wamid.TEXT", null, "Hello!", "Hello!", false],
      ["V1", "revoke", "wamid.TEXT", null, null, "[deleted]", false],
      ["REPLY", null, "wamid.OUT1", null, null, "Yes", true],
      ["FWD", null, null, null, null, "News", true],
      ["R4", null, null, null, null, "👍", false],
    ]);
  });

  it("names the other under whichever of Meta's names stands there", ({ expect }) => {
    const commonFields = { from: "79161234567", id: "wamid.X", timestamp: "1" };
    const messages = [
      { type: "text", text: { body: "x" }, context: { message_id: "wamid.TEXT" } },
      // So spelled in an example of Meta's.
      { type: "reaction", reaction: { messsage_id: "wamid.TEXT", emoji: "👍" } },
    ];
    const events = messages.flatMap((one) =>
      messagesOf(flattenBody(bodyWith({ messages: [{ ...commonFields, ...one }] }))),
    );
    expect(events.map(({ refersTo, amends }) => [refersTo, amends])).toEqual([
      ["wamid.TEXT", null],
      ["wamid.TEXT", "reaction"],
    ]);
  });
});

describe("a status", () => {
  it("carries our tag, the error in our words, and words that are new to us", ({ expect }) => {
    const events = statusesOf(flattenBody(statuses));
    expect(events.map((e) => [e.status, e.tag, e.contact.phone, e.contact.userId, e.error?.code])).toEqual([
      ["read", "k3f9.42", "79161234567", "RU.48151623420001", undefined],
      ["failed", null, "79037654321", null, "customer_has_not_written"],
      ["teleported", null, null, "RU.48151623420002", undefined],
      ["delivered", null, null, "RU.48151623420002", undefined],
    ]);
    expect(events[1]?.error).toMatchObject({ metaCode: 131047, detail: "More than 24 hours have passed." });
  });
});
