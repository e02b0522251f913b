import fc from "fast-check";
import { describe, it } from "vitest";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { again, bytesOf, lostOf } from "./fixtures.ts";

/** Fast-check's own takes seconds to list them all. */
const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  // Without the surrogates, which are half a character each.
  .map((point) => String.fromCodePoint(point < 0xd800 ? point : point + 0x800));

describe("any body at all", () => {
  it("never throws and loses nothing, whatever JSON it is, and each event's source gives that event again", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.oneof(webhookBody(), fc.json(), fc.json({ stringUnit: anyCharacter })), (text) => {
        const events = flatten(bytesOf(text));
        expect(events.length).toBeGreaterThan(0);
        expect(lostOf(text, events)).toEqual([]);
        for (const event of events) expect(again(event)).toEqual([event]);
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws, whatever bytes it is", ({ expect }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const event of flatten(bytes)) expect(again(event)).toEqual([event]);
      }),
    );
  });
});

/** JSON text that is nearly a webhook body: the right names with right, odd and wrong things under them. */
function webhookBody(): fc.Arbitrary<string> {
  const id = fc.constantFrom<unknown>(
    "79161234567",
    "RU.1",
    "79037654321",
    79161234567,
    "",
    null,
    "\u0000",
    {},
    "g1",
  );
  const time = fc.constantFrom<unknown>("1790000000", 1790000000, "NaN", -1, 1e300, null, 1.5);
  const type = fc.constantFrom<unknown>(
    "text",
    "reaction",
    "edit",
    "revoke",
    "image",
    "tomorrow",
    "__proto__",
    5,
  );
  const odd = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>;
  const part = fc.oneof(
    odd,
    fc.record({ body: odd, emoji: odd, message_id: id, id, message: odd }, { requiredKeys: [] }),
  );
  const ids = {
    id,
    from: id,
    from_user_id: id,
    to: id,
    to_user_id: id,
    group_id: id,
    recipient_id: id,
    recipient_user_id: id,
  };
  const parts = {
    text: part,
    reaction: part,
    edit: part,
    revoke: part,
    context: part,
    errors: fc.oneof(odd, fc.array(part)),
  };
  const item = fc.record(
    { ...ids, ...parts, timestamp: time, type, status: type },
    { requiredKeys: ["id", "timestamp"] },
  );
  const list = fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.oneof({ weight: 4, arbitrary: item }, odd), { maxLength: 4 }) },
    odd,
  );
  const contact = fc.record(
    { wa_id: id, user_id: id, profile: fc.oneof(odd, fc.record({ name: odd })) },
    { requiredKeys: [] },
  );
  const contacts = fc.oneof(fc.array(fc.oneof(contact, odd), { maxLength: 3 }), odd);
  const metadata = fc.oneof(fc.record({ phone_number_id: id }), odd);
  const lists = { messages: list, message_echoes: list, statuses: list };
  const otherFields = { errors: odd, user_actions: odd, "7": odd };
  const value = fc.record({ metadata, contacts, ...lists, ...otherFields }, { requiredKeys: ["metadata"] });
  const field = fc.constantFrom<unknown>("messages", "smb_message_echoes", "calls", null, "a\u0000");
  const change = fc.record(
    { field, value: fc.oneof({ weight: 9, arbitrary: value }, odd), beside: odd },
    { requiredKeys: ["value"] },
  );
  const changes = fc.oneof(
    { weight: 9, arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: change }, odd), { maxLength: 3 }) },
    odd,
  );
  const entry = fc.oneof(
    { weight: 9, arbitrary: fc.record({ id, time: odd, changes, beside: odd }, { requiredKeys: ["id"] }) },
    odd,
  );
  const object = fc.constantFrom("whatsapp_business_account", undefined);
  return fc
    .record({ object, entry: fc.array(entry, { maxLength: 3 }), beside: odd }, { requiredKeys: ["entry"] })
    .map((body) => JSON.stringify(body));
}
