import { describe, it } from "vitest";
import { formatTag, readTag, textMessage, toGraphMessage } from "../../src/whatsapp/outbound.ts";

const text = { type: "text", payload: { body: "Hello" }, tag: "k3f9.42", replyToWamid: null };

describe("a text to send", () => {
  it.for([
    ["one character", "a"],
    ["lines with blanks around", " a\nb "],
    ["4,096 letters", "a".repeat(4096)],
    ["2,048 emoji, of two units each", "😀".repeat(2048)],
  ])("may be %s", ([, message], { expect }) => {
    expect(textMessage.safeParse(message).success).toBe(true);
  });

  it.for<[string, unknown]>([
    ["empty", ""],
    ["blank", " \n"],
    ["4,097 letters", "a".repeat(4097)],
    ["2,049 emoji", "😀".repeat(2049)],
    ["a text with U+0000", "a\u0000"],
    ["a text with half a pair", "a\ud800"],
    ["a number", 5],
    ["null", null],
    ["absent", undefined],
  ])("may not be %s", ([, message], { expect }) => {
    expect(textMessage.safeParse(message).success).toBe(false);
  });
});

describe("Meta's send object", () => {
  it("goes to the phone where there is one", ({ expect }) => {
    expect(toGraphMessage({ ...text, to: { phone: "79161234567", userId: "RU.1" } })).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "79161234567",
      biz_opaque_callback_data: "k3f9.42",
      type: "text",
      text: { body: "Hello" },
    });
  });

  it("goes to a user id as recipient, to a group as a group, and answers a message", ({ expect }) => {
    const byId = toGraphMessage({ ...text, to: { phone: null, userId: "RU.1" }, replyToWamid: "wamid.X" });
    expect(byId).toMatchObject({
      recipient: "RU.1",
      context: { message_id: "wamid.X" },
      recipient_type: "individual",
    });
    expect(byId).not.toHaveProperty("to");
    const toGroup = toGraphMessage({ ...text, to: { phone: null, userId: null, groupId: "g1" } });
    expect(toGroup).toMatchObject({ to: "g1", recipient_type: "group" });
  });

  it("cannot go to nobody", ({ expect }) => {
    expect(() => toGraphMessage({ ...text, to: { phone: null, userId: null } })).toThrow("needs");
  });
});

describe("our tag", () => {
  it("is read back", ({ expect }) => {
    expect(readTag(formatTag("k3f9", 42))).toEqual({ epoch: "k3f9", messageId: 42 });
  });

  it.for([
    "",
    "42",
    ".42",
    "k3f9.",
    "k3f9.0",
    "k3f9.042",
    "k3f9.4x",
    "k3f9.9007199254740993",
    "k3f9.4.2",
    "k3f9.-4",
    "k3f9.42\n",
  ])("is not %j", (tag, { expect }) => {
    expect(readTag(tag)).toBeNull();
  });
});
