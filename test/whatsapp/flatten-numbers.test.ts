import { describe, it } from "vitest";
import { flattenBody } from "./fixtures.ts";

const ours = { phone_number_id: "987654321098765" };

describe("a number of ours", () => {
  it.for<[field: string, value: object]>([
    ["messages", { metadata: ours, errors: [{ code: 1 }] }],
    ["messaging_handovers", { recipient: ours, sender: { phone_number: "79161234567" } }],
    ["account_settings_update", { phone_number_settings: { ...ours, calling: { status: "ENABLED" } } }],
  ])("is found where Meta names it in %s", ([field, value], { expect }) => {
    const entry = [{ id: "123456789012345", changes: [{ field, value }] }];
    expect(flattenBody({ object: "whatsapp_business_account", entry })).toMatchObject([
      { kind: "notice", phoneNumberId: "987654321098765", reason: null },
    ]);
  });
});
