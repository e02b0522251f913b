import { describe, it } from "vitest";
import { sourceOf } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import amendments from "../fixtures/meta/amendments.json" with { type: "json" };
import badItem from "../fixtures/meta/bad-item.json" with { type: "json" };
import bsuidInFrom from "../fixtures/meta/bsuid-in-from.json" with { type: "json" };
import echoes from "../fixtures/meta/echoes.json" with { type: "json" };
import errorsBesideMessage from "../fixtures/meta/errors-beside-message.json" with { type: "json" };
import group from "../fixtures/meta/group.json" with { type: "json" };
import nulInText from "../fixtures/meta/nul-in-text.json" with { type: "json" };
import oddShapes from "../fixtures/meta/odd-shapes.json" with { type: "json" };
import onlyBsuid from "../fixtures/meta/only-bsuid.json" with { type: "json" };
import otherFields from "../fixtures/meta/other-fields.json" with { type: "json" };
import statuses from "../fixtures/meta/statuses.json" with { type: "json" };
import system from "../fixtures/meta/system.json" with { type: "json" };
import text from "../fixtures/meta/text.json" with { type: "json" };
import twoEntries from "../fixtures/meta/two-entries.json" with { type: "json" };
import { again, bodyWith, bytesOf, flattenBody, messagesOf, noticesOf, statusesOf } from "./fixtures.ts";

const anna = { phone: "79161234567", userId: "RU.48151623420001", groupId: null };

const everyFixture = {
  amendments,
  badItem,
  bsuidInFrom,
  echoes,
  errorsBesideMessage,
  group,
  nulInText,
  oddShapes,
  onlyBsuid,
  otherFields,
  statuses,
  system,
  text,
  twoEntries,
};

describe("a webhook body", () => {
  it("gives a message with all that is known of it", ({ expect }) => {
    const [event] = flattenBody(text);
    expect(event).toEqual({
      kind: "message",
      phoneNumberId: "987654321098765",
      displayPhoneNumber: "79001234567",
      wamid: "wamid.TEXT",
      fromMe: false,
      contact: { ...anna, username: "anna.ru", name: "Anna" },
      messageType: "text",
      body: "Hello",
      content: expect.stringMatching(/^{"type":"text","text":"Hello",/),
      payload: JSON.stringify(text.entry[0]?.changes[0]?.value.messages[0]),
      refersTo: null,
      amends: null,
      emoji: null,
      newBody: null,
      opensServiceWindow: true,
      at: "2026-09-21T14:13:20.000Z",
      envelope: { before: expect.any(String), after: expect.any(String) },
    });
    expect(event && sourceOf(event)).toBe(JSON.stringify(text));
  });

  it("gives all items of all changes of all entries, each with its own contact and number", ({ expect }) => {
    const events = flattenBody(twoEntries);
    expect(
      messagesOf(events).map(({ body, contact, phoneNumberId, at }) => [
        body,
        contact.name,
        phoneNumberId,
        at,
      ]),
    ).toEqual([
      ["one", "Anna", "987654321098765", "2026-09-21T14:13:20.000Z"],
      ["two", "Boris", "987654321098765", "2026-09-21T14:13:21.000Z"],
      ["three", null, "111222333444555", "2026-09-21T14:13:20.000Z"],
    ]);
    expect(statusesOf(events).map(({ status }) => status)).toEqual(["sent", "delivered"]);
    expect(events).toHaveLength(5);
  });

  it("keeps a bad item and harms no other", ({ expect }) => {
    const events = flattenBody(badItem);
    expect(messagesOf(events).map(({ body }) => body)).toEqual(["before", "after"]);
    const notices = noticesOf(events);
    expect(notices.map(({ reason }) => reason)).toEqual(Array(8).fill("unreadable_item"));
    expect(
      notices.map(({ source }) => source ?? "").filter((source) => source.includes("no id")),
    ).toHaveLength(1);
    expect(notices.every(({ phoneNumberId, wabaId, field }) => phoneNumberId && wabaId && field)).toBe(true);
  });

  it.for(Object.entries(everyFixture))("of %s can be replayed event by event", ([, body], { expect }) => {
    const events = flattenBody(body);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(again(event)).toEqual([event]);
  });

  it("that is no JSON is stored as it came", ({ expect }) => {
    for (const bytes of [bytesOf("{"), bytesOf(""), new Uint8Array([0xff, 0xfe, 0x00])]) {
      const [event, ...more] = flatten(bytes);
      expect(more).toEqual([]);
      expect(event).toMatchObject({ kind: "notice", reason: "not_json", source: null });
      expect(event && again(event)).toEqual([event]);
    }
    expect(flatten(new Uint8Array([0xff, 0xfe, 0x00]))[0]).toMatchObject({ raw: "//4A" });
  });

  it("may begin with a byte order mark", ({ expect }) => {
    expect(flatten(bytesOf(`\uFEFF${JSON.stringify(text)}`))).toEqual(flattenBody(text));
  });

  it.for([
    "null",
    "17",
    '"text"',
    "[]",
    "{}",
    '{"object":"whatsapp_business_account","entry":[]}',
    '{"object":"whatsapp_business_account","entry":{}}',
    '{"object":"instagram","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[{}]}}]}]}',
  ])("of another shape is stored whole: %s", (body, { expect }) => {
    const place = { phoneNumberId: null, wabaId: null, field: null };
    expect(flatten(bytesOf(body))).toEqual([
      { kind: "notice", ...place, reason: "unknown_shape", raw: null, source: body },
    ]);
  });

  it("loses nothing that stands beside or in place of what we know", ({ expect }) => {
    const events = flattenBody(oddShapes);
    expect(messagesOf(events).map(({ body }) => body)).toEqual(["still read"]);
    const sources = noticesOf(events).map(({ source }) => JSON.parse(source ?? ""));
    const entries = sources.map((body) => body.entry?.[0]);
    expect(sources[0]).toEqual({ object: "whatsapp_business_account", note: "beside the entries" });
    expect(entries).toContainEqual({ id: "123456789012345" });
    expect(entries).toContainEqual({ id: "123456789012345", changes: [] });
    expect(entries).toContainEqual("no entry");
    expect(entries).toContainEqual({ id: "123456789012345", extra: true });
    const changes = entries.flatMap((entry) => entry?.changes ?? []);
    expect(changes).toContainEqual({ field: "messages" });
    expect(changes).toContainEqual({ field: "messages", value: null });
    expect(changes).toContainEqual(17);
    expect(changes).toContainEqual({ field: "messages", beside: 1 });
    expect(changes.map((change) => change.value?.contacts)).toContainEqual("odd");
    expect(changes.map((change) => change.value?.messages)).toContainEqual({ id: "not a list" });
    expect(noticesOf(events).map(({ reason }) => reason)).toEqual(Array(12).fill("unknown_shape"));
  });

  it("gives fields that are not ours to apply as one notice each, whatever lists they hold", ({ expect }) => {
    const events = flattenBody(otherFields);
    expect(noticesOf(events).map(({ field, reason }) => [field, reason])).toEqual([
      ["history", null],
      ["standby", null],
      ["user_id_update", null],
      ["account_update", null],
      ["tomorrow", null],
    ]);
    // The sixth is a call.
    expect(messagesOf(events).map(({ messageType }) => messageType)).toEqual(["call"]);
    expect(events).toHaveLength(6);
  });

  it("gives what stands beside its messages as notices, contacts of nobody included", ({ expect }) => {
    const events = flattenBody(errorsBesideMessage);
    expect(messagesOf(events).map(({ body, contact }) => [body, contact.name])).toEqual([
      ["[interactive: Something went wrong]", "Anna"],
    ]);
    const values = noticesOf(events).map(({ source }) => JSON.parse(source ?? "").entry[0].changes[0].value);
    expect(values.map((value) => Object.keys(value)[2])).toEqual(["contacts", "user_actions"]);
    expect(values[0].contacts).toEqual([{ profile: { name: "Boris" }, wa_id: "79037654321" }]);
  });

  it("gives the errors beside messages and statuses to the only one that has no word why", ({ expect }) => {
    const text = { from: "79161234567", id: "wamid.1", timestamp: "1", type: "text", text: { body: "Hi" } };
    const lost = { from: "79161234567", id: "wamid.2", timestamp: "1", type: "unsupported" };
    const sent = { id: "wamid.3", status: "sent", timestamp: "1", recipient_id: "79161234567" };
    const failed = { ...sent, id: "wamid.4", status: "failed" };
    const explained = { ...failed, id: "wamid.5", errors: [{ code: 131026, title: "Undeliverable" }] };
    const errors = [{ code: 131047, title: "Re-engagement message" }];
    for (const [value, kinds, why] of [
      [{ messages: [text], errors }, ["message", "notice"], null],
      [{ messages: [text, lost], errors }, ["message", "message"], "wamid.2"],
      [{ messages: [lost, { ...lost, id: "wamid.6" }], errors }, ["message", "message", "notice"], null],
      [{ statuses: [sent, failed], errors }, ["status", "status"], "wamid.4"],
      [{ statuses: [failed, explained], errors }, ["status", "status"], "wamid.4"],
      [{ statuses: [explained], errors }, ["status", "notice"], null],
      [{ messages: [lost], statuses: [failed], errors }, ["message", "status", "notice"], null],
    ] as const) {
      const events = flattenBody(bodyWith(value));
      expect(events.map(({ kind }) => kind)).toEqual(kinds);
      for (const event of events) expect(again(event)).toEqual([event]);
      const withReason = events.filter(
        (event) => !("parsed" in event) && JSON.stringify(event).includes("Re-engagement message"),
      );
      expect(withReason.map((event) => "wamid" in event && event.wamid)).toEqual(why === null ? [] : [why]);
    }
  });

  it("is read like any other where what is not there is written out as null or empty", ({ expect }) => {
    const message = { from: "79161234567", id: "wamid.X", timestamp: "1", type: "text", text: { body: "x" } };
    const errors = [{ code: 131042, title: "Payment" }];
    for (const nothing of [null, []]) {
      const silent = { contacts: nothing, statuses: nothing, message_echoes: nothing, tomorrow: nothing };
      const bodyOf = (given: object) => {
        const value = { metadata: { phone_number_id: "987654321098765" }, ...silent, ...given };
        const changes = [{ field: "messages", more: nothing, value }];
        return {
          object: "whatsapp_business_account",
          more: nothing,
          entry: [{ id: "1", more: nothing, changes }],
        };
      };
      const body = bodyOf({ errors: nothing, messages: [message] });
      const [event, ...more] = flattenBody(body);
      expect(more).toEqual([]);
      expect(event).toMatchObject({ kind: "message", body: "x" });
      expect(event && sourceOf(event)).toBe(JSON.stringify(body));
      const error = { kind: "notice", reason: null, parsed: { notice: { kind: "errors" } } };
      expect(flattenBody(bodyOf({ messages: nothing, errors }))).toMatchObject([error]);
    }
  });

  it("never lets a contact that is null go", ({ expect }) => {
    const message = { from: "79161234567", id: "wamid.X", timestamp: "1", type: "text", text: { body: "x" } };
    const [notice] = noticesOf(flattenBody(bodyWith({ contacts: [null, null], messages: [message] })));
    expect(notice?.source).toContain('"contacts":[null,null]');
  });
});
