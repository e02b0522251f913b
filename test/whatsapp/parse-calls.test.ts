import { describe, it } from "vitest";
import { parseCalls } from "../../src/whatsapp/parse-calls.ts";

const at = "2026-09-21T14:13:20.000Z";
const anna = {
  profile: { name: "Anna", username: "anna.ru" },
  wa_id: "79161234567",
  user_id: "RU.48151623420001",
};
const theirs = { id: "wacid.ONE", from: "79161234567", to: "79001234567", timestamp: "1790000000" };
const ours = { id: "wacid.TWO", from: "79001234567", to: "79161234567", timestamp: "1790000000" };

describe("a call", () => {
  it("that a customer begins is from them and opens the service window, whether it is answered or not", ({
    expect,
  }) => {
    const session = { sdp: "v=0", sdp_type: "offer" };
    const call = { ...theirs, event: "connect", direction: "USER_INITIATED", session };
    expect(parseCalls({ contacts: [anna], calls: [call] })).toEqual([
      {
        callId: "wacid.ONE",
        event: "connect",
        direction: "inbound",
        status: null,
        from: "79161234567",
        to: "79001234567",
        contact: { phone: "79161234567", userId: "RU.48151623420001", username: "anna.ru", name: "Anna" },
        at,
        startedAt: null,
        endedAt: null,
        durationS: null,
        opensServiceWindow: true,
        tag: null,
        errors: [],
        file: null,
      },
    ]);
  });

  it("that has ended says how, and how long it was", ({ expect }) => {
    const end = { status: "COMPLETED", start_time: "1790000000", end_time: "1790000120", duration: 120 };
    const call = {
      ...ours,
      event: "terminate",
      direction: "BUSINESS_INITIATED",
      biz_opaque_callback_data: "t",
      ...end,
    };
    expect(parseCalls({ calls: [call], errors: [{ code: 138000, message: "m" }] })).toMatchObject([
      {
        direction: "outbound",
        status: "COMPLETED",
        contact: { phone: "79161234567", userId: null },
        startedAt: at,
        endedAt: "2026-09-21T14:15:20.000Z",
        durationS: 120,
        opensServiceWindow: false,
        tag: "t",
        errors: [{ code: 138000, detail: "m" }],
      },
    ]);
  });

  it.for([
    ["RINGING", false],
    ["ACCEPTED", true],
    ["REJECTED", false],
  ] as const)(
    "of ours that is %s opens the service window: %s",
    ([status, opensServiceWindow], { expect }) => {
      const call = {
        id: "wacid.TWO",
        type: "call",
        status,
        timestamp: "1790000000",
        recipient_id: "79161234567",
      };
      expect(parseCalls({ statuses: [call] })).toMatchObject([
        {
          event: "status",
          direction: "outbound",
          status,
          contact: { phone: "79161234567" },
          opensServiceWindow,
        },
      ]);
    },
  );

  it("of ours does not open the window by being connected, nor theirs by its end", ({ expect }) => {
    const calls = [
      { ...ours, event: "connect", direction: "BUSINESS_INITIATED" },
      { ...theirs, event: "terminate", direction: "USER_INITIATED" },
      { ...theirs, event: "connect" },
    ];
    expect(parseCalls({ calls }).map(({ opensServiceWindow }) => opensServiceWindow)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("goes with its own of several people, and may name one by user id alone", ({ expect }) => {
    const vera = { profile: { name: "Vera" }, user_id: "RU.48151623420002" };
    const byId = {
      id: "wacid.3",
      from_user_id: vera.user_id,
      event: "connect",
      direction: "USER_INITIATED",
      timestamp: 1790000000,
    };
    const contacts = [anna, vera];
    expect(parseCalls({ contacts, calls: [byId, { ...theirs, direction: "USER_INITIATED" }] })).toMatchObject(
      [
        { contact: { phone: null, userId: "RU.48151623420002", name: "Vera" } },
        { event: "unknown", contact: { phone: "79161234567", userId: "RU.48151623420001", name: "Anna" } },
      ],
    );
  });

  it("without an id or a time is left out, whatever stands in its place", ({ expect }) => {
    const calls = [
      null,
      "x",
      {},
      { id: "wacid.X" },
      { timestamp: "1790000000" },
      { ...theirs, timestamp: "soon" },
    ];
    expect(parseCalls({ calls, statuses: calls })).toEqual([]);
    for (const odd of [null, 1, "x", [], { calls: {} }, { calls: [[]], contacts: "x" }])
      expect(parseCalls(odd)).toEqual([]);
  });
});
