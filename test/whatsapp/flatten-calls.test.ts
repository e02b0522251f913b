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

describe("a body with calls", () => {
  it("gives a message for each report, which amends the call's own row", ({ expect }) => {
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

  it.for([
    ["NO_ANSWER", "📞 Call, not answered"],
    ["MISSED", "📞 Call, not answered"],
    ["FAILED", "📞 Call, failed"],
    ["REJECTED", "📞 Call, declined"],
  ])("of ours that ends as %s says so", ([status, body], { expect }) => {
    const end = {
      id: "wacid.TWO",
      type: "call",
      status,
      timestamp: "1790000000",
      recipient_id: "79161234567",
    };
    expect(messagesOf(flattenBody(bodyWith({ statuses: [end] }, "calls")))).toMatchObject([
      { newBody: body },
    ]);
  });

  it("gives the errors beside one call to it, beside several to the only failed one, and else to none", ({
    expect,
  }) => {
    const connect = { ...call, event: "connect" };
    const terminate = { ...call, event: "terminate", status: "FAILED" };
    const errors = [{ code: 138007, message: "Connect timeout" }];
    const one = flattenBody(bodyWith({ contacts: [anna], calls: [connect, terminate], errors }, "calls"));
    expect(one).toMatchObject([
      { kind: "message", body: "📞 Incoming call" },
      { kind: "message", body: "📞 Missed call: Connect timeout", contact: { name: "Anna" } },
    ]);
    for (const event of one) expect(again(event)).toEqual([event]);
    const failed = { ...terminate, id: "wacid.OTHER" };
    const oneFailed = flattenBody(bodyWith({ calls: [failed, connect], errors }, "calls"));
    expect(oneFailed).toMatchObject([
      { body: "📞 Missed call: Connect timeout" },
      { body: "📞 Incoming call" },
    ]);
    for (const event of oneFailed) expect(again(event)).toEqual([event]);
    const body = bodyWith({ calls: [terminate, failed], errors }, "calls");
    const several = flattenBody(body);
    expect(several.map(({ kind }) => kind)).toEqual(["message", "message", "notice"]);
    expect(lostOf(JSON.stringify(body), several)).toEqual([]);
  });

  it("gives a file of a call as a row that amends it, and keeps one without a file", ({ expect }) => {
    const recorded = { ...call, direction: undefined, event: "call_recording_available" };
    const audio = { id: "71", mime_type: "audio/ogg", sha256: "AbC=", url: "https://x" };
    const events = flattenBody(
      bodyWith(
        {
          calls: [
            { ...recorded, call_recording: { audio } },
            { ...recorded, event: "call_transcription_available", call_transcript: { document: { id: 72 } } },
            { ...recorded, call_recording: "x" },
          ],
        },
        "calls",
      ),
    );
    expect(events).toMatchObject([
      {
        ...{ wamid: "wacid.ONE#recording.71", refersTo: "wacid.ONE", amends: "call", newBody: null },
        ...{ messageType: "call_recording", body: "[call recording]", opensServiceWindow: false },
        media: { metaId: "71", mimeType: "audio/ogg", fileName: null, sha256: "AbC=" },
      },
      { wamid: "wacid.ONE#transcript.72", messageType: "call_transcript", media: { metaId: "72" } },
      { kind: "notice", reason: null },
    ]);
    for (const event of events) expect(again(event)).toEqual([event]);
  });

  it("keeps what has no state of the call, and what names nobody", ({ expect }) => {
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
