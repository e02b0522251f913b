import { describe, it } from "vitest";
import { parseMessage } from "../../src/whatsapp/parse-message.ts";

const permission = (response_source: string) => ({
  interactive: {
    type: "call_permission_reply",
    call_permission_reply: { response: "accept", response_source },
  },
});

describe("the customer's 24 hours", () => {
  const opens = (type: string, more: object, fromMe = false) => {
    const message = {
      id: "wamid.A",
      timestamp: "1790000000",
      from: "79161234567",
      to: "79161234567",
      type,
      ...more,
    };
    return parseMessage(message, null, fromMe)?.opensServiceWindow;
  };

  it.for<[string, object?]>([
    ["text"],
    ["image"],
    ["video"],
    ["audio"],
    ["voice"],
    ["document"],
    ["sticker"],
    ["location"],
    ["contacts"],
    ["interactive"],
    ["interactive", permission("user_action")],
    ["button"],
    ["order"],
    ["request_welcome"],
    ["unsupported"],
    ["unsupported", { unsupported: { type: "poll" } }],
    ["unknown"],
    ["hologram"],
  ])("begin anew with %s %j, and not with our own", ([type, more = {}], { expect }) => {
    expect(opens(type, more)).toBe(true);
    expect(opens(type, more, true)).toBe(false);
  });

  it.for<[string, object?]>([
    ["reaction", { reaction: { message_id: "wamid.B", emoji: "👍" } }],
    ["edit"],
    ["revoke"],
    ["system"],
    ["errors"],
    ["media_placeholder"],
    ["unsupported", { unsupported: { type: "edit" } }],
    ["interactive", permission("automatic")],
  ])("go on as they are with %s %j", ([type, more = {}], { expect }) => {
    expect(opens(type, more)).toBe(false);
  });

  it("are not confused by odd shapes", ({ expect }) => {
    expect(opens("unsupported", { unsupported: { type: { toString: 1 } } })).toBe(true);
    expect(opens("interactive", { interactive: { call_permission_reply: "automatic" } })).toBe(true);
  });
});
