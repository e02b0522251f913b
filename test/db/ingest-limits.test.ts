import { describe, it } from "vitest";
import { ingestBytes } from "../../src/db/ingest-limits.ts";
import { bodyWith, flattenBody } from "../whatsapp/fixtures.ts";

const LENGTH = 3_000;

function bodies(text: string): [string, object][] {
  const item = { from: "79161234567", id: "wamid.X", timestamp: "1790000000" };
  const contacts = [{ wa_id: "79161234567", profile: { name: text } }];
  const errors = [{ code: 131000, title: text, message: text }];
  const status = {
    id: "wamid.X",
    status: "failed",
    timestamp: "1790000000",
    recipient_id: "79161234567",
    errors,
  };
  const alert = { alert_info: { alert_description: text, alert_severity: "CRITICAL", alert_type: text } };
  return [
    ["message", bodyWith({ contacts, messages: [{ ...item, type: "text", text: { body: text } }] })],
    ["message", bodyWith({ messages: [{ ...item, type: "button", button: { text, payload: text } }] })],
    [
      "message",
      bodyWith({ messages: [{ ...item, type: "edit", edit: { message: { text: { body: text } } } }] }),
    ],
    ["status", bodyWith({ statuses: [status] })],
    ["notice", bodyWith({ messages: [{ text }] })],
    ["notice", bodyWith(alert, "account_alerts")],
  ];
}

describe("the bound on the bytes of an event", () => {
  it.for<[string, string]>([
    ["letters", "a"],
    ["quotes", '"'],
    ["backslashes", "\\"],
    ["control characters", "\u0001"],
    ["Cyrillic", "ж"],
    ["characters of three bytes", "語"],
    ["emoji", "🎉"],
    ["halves of a pair", "\ud83d"],
  ])("is not exceeded by %s, and not far above", ([, character], { expect }) => {
    for (const [kind, body] of bodies(character.repeat(LENGTH))) {
      const [event] = flattenBody(body);
      if (!event) throw new Error("a body has an event");
      expect(event.kind).toBe(kind);
      // A string in a row, which is a parameter of a request.
      const bytes = new TextEncoder().encode(JSON.stringify(JSON.stringify(event))).length;
      expect(ingestBytes(event)).toBeGreaterThanOrEqual(bytes);
      expect(ingestBytes(event)).toBeLessThan(8 * bytes);
    }
  });
});
