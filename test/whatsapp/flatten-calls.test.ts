import { describe, it } from "vitest";
import { again, bodyWith, flattenBody, lostOf, messagesOf, noticesOf } from "./fixtures.ts";

const anna = { profile: { name: "Anna" }, wa_id: "79161234567" };
const call = {
  id: "wacid.ONE",
  from: "79161234567",
  to: "79001234567",
  timestamp: "1790000000",
  direction: "USER_INITIATED",
};
const status = {
  id: "wacid.TWO",
  type: "call",
  status: "ACCEPTED",
  timestamp: "1790000000",
  recipient_id: "79161234567",
};

describe("a body that tells of calls", () => {
  it("gives a message for each telling, which amends the call's own row", ({ expect }) => {
    const body = bodyWith(
      {
        contacts: [anna],
        calls: [
          { ...call, event: "connect", session: { sdp: "v=0" } },
          { ...call, event: "terminate", status: "COMPLETED" },
        ],
        statuses: [status],
      },
      "calls",
    );
    const events = flattenBody(body);
    expect(messagesOf(events)).toMatchObject([
      {
        wamid: "wacid.ONE#connect",
        refersTo: "wacid.ONE",
        amends: "call",
        messageType: "call",
        fromMe: false,
        opensServiceWindow: true,
        contact: { phone: "79161234567", name: "Anna" },
        newBody: "📞 Incoming call",
      },
      { wamid: "wacid.ONE#terminate.COMPLETED", opensServiceWindow: false, newBody: "📞 Missed call" },
      { wamid: "wacid.TWO#status.ACCEPTED", fromMe: true, opensServiceWindow: true },
    ]);
    expect(events).toHaveLength(3);
    expect(lostOf(JSON.stringify(body), events)).toEqual([]);
    for (const event of events) expect(again(event)).toEqual([event]);
  });

  it("knows a call of ours by our number, where nothing says who began it", ({ expect }) => {
    const ours = {
      ...call,
      from: "79001234567",
      to: "79161234567",
      direction: undefined,
      event: "terminate",
    };
    expect(messagesOf(flattenBody(bodyWith({ calls: [ours] }, "calls")))).toMatchObject([
      { fromMe: true, contact: { phone: "79161234567" }, newBody: "📞 Call, not answered" },
    ]);
  });

  it("keeps what says nothing of how the call stands, and what names nobody", ({ expect }) => {
    const recorded = { ...call, event: "recording_available" };
    const nobody = { ...call, event: "connect", from: undefined };
    const events = flattenBody(bodyWith({ calls: [recorded, nobody, null], errors: [{ code: 1 }] }, "calls"));
    expect(noticesOf(events).map(({ reason }) => reason)).toEqual([
      null,
      "unreadable_item",
      "unreadable_item",
      null,
    ]);
    expect(events).toHaveLength(4);
  });
});
