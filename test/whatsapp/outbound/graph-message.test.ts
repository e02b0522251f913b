import { describe, it } from "vitest";
import { toGraphMessage } from "../../../src/whatsapp/outbound/graph-message.ts";

const text = { type: "text", payload: { body: "Hello" }, tag: "k3f9.42", replyToWamid: null };

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
