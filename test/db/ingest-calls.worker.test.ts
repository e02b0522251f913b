import { describe, it } from "vitest";
import { findChat } from "../../src/db/chats.ts";
import { ingest } from "../../src/db/ingest.ts";
import { fileOf, settleFile } from "../../src/db/media.ts";
import { findMessage, newestInbound, pageOfMessages } from "../../src/db/messages.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import {
  anItem,
  aTextOf,
  chatOf,
  eventsOf,
  eventsOfField,
  logOf,
  messageOf,
  messagesWhere,
} from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const stamp = (seconds: number) => String(later(seconds).getTime() / 1000);

const theirs = { id: "wacid.ONE", to: "79001234567", direction: "USER_INITIATED" };
const ours = { id: "wacid.ONE", from: "79001234567", direction: "BUSINESS_INITIATED" };
const taken = { status: "COMPLETED", start_time: stamp(5), end_time: stamp(130), duration: 125 };

type Report = (ground: Ground, who: string) => InboundEvent[];
const call =
  (seconds: number, event: string, more: object): Report =>
  (ground, who) =>
    eventsOfField(ground, "calls", {
      calls: [
        { timestamp: stamp(seconds), event, ...more, ...("from" in more ? { to: who } : { from: who }) },
      ],
    });
const status =
  (seconds: number, name: string): Report =>
  (ground, who) =>
    eventsOfField(ground, "calls", {
      statuses: [
        { id: "wacid.ONE", type: "call", status: name, timestamp: stamp(seconds), recipient_id: who },
      ],
    });

const file =
  (seconds: number, event: string, more: object): Report =>
  (ground, from) =>
    eventsOfField(ground, "calls", {
      calls: [{ id: "wacid.ONE", timestamp: stamp(seconds), event, from, ...more }],
    });

type Case = [name: string, reports: Report[], row: object, content: object, chat: object];
const cases: Case[] = [
  [
    "a call that nobody took",
    [call(0, "connect", theirs), call(30, "terminate", { ...theirs, status: "FAILED" })],
    { body: "📞 Missed call", createdAt: NOON, fromMe: false, messageType: "call", amends: null },
    { type: "call", direction: "inbound", state: "missed", durationSeconds: null },
    { unreadCount: 1, lastInboundAt: NOON, lastMessageAt: NOON },
  ],
  [
    "one that begins and ends within a second",
    [call(0, "connect", theirs), call(0, "terminate", { ...theirs, status: "FAILED" })],
    { body: "📞 Missed call", createdAt: NOON },
    { state: "missed" },
    { unreadCount: 1, lastInboundAt: NOON },
  ],
  [
    "one that was taken, before a text",
    [
      call(0, "connect", theirs),
      call(130, "terminate", { ...theirs, ...taken }),
      (ground, from) => eventsOf(ground, aTextOf("Bye", { from, at: later(60), wamid: "wamid.after" })),
    ],
    { body: "📞 Call, 2 min 5 s", createdAt: NOON },
    {
      state: "ended",
      startedAt: "2026-05-01T12:00:05.000Z",
      endedAt: "2026-05-01T12:02:10.000Z",
      durationSeconds: 125,
    },
    // The text is the preview, although the end of the call was reported later.
    { unreadCount: 2, lastInboundAt: later(60), lastMessageAt: later(60) },
  ],
  [
    "one of ours that the customer took",
    [
      call(0, "connect", ours),
      status(1, "RINGING"),
      status(5, "ACCEPTED"),
      call(130, "terminate", { ...ours, ...taken }),
    ],
    { body: "📞 Call, 2 min 5 s", createdAt: NOON, fromMe: true, status: "sent" },
    { direction: "outbound", state: "ended" },
    { unreadCount: 0, lastInboundAt: later(5) },
  ],
  [
    "one that broke, whatever time it took",
    [call(0, "connect", theirs), call(130, "terminate", { ...theirs, ...taken, status: "FAILED" })],
    { body: "📞 Call, failed", createdAt: NOON },
    { state: "failed", durationSeconds: null, endedAt: "2026-05-01T12:02:10.000Z" },
    { unreadCount: 1, lastInboundAt: NOON },
  ],
  [
    "one with Meta's error beside it",
    [
      call(0, "connect", theirs),
      (ground, from) =>
        eventsOfField(ground, "calls", {
          contacts: [{ profile: { name: "Anna" }, wa_id: from }],
          calls: [{ timestamp: stamp(30), event: "terminate", ...theirs, from, status: "FAILED" }],
          errors: [{ code: 138007, message: "Connect timeout" }],
        }),
    ],
    { body: "📞 Missed call: Connect timeout", createdAt: NOON },
    {
      state: "missed",
      errors: [{ code: 138007, detail: "Connect timeout", href: null, title: "Connect timeout" }],
    },
    { unreadCount: 1, contact: { name: "Anna" } },
  ],
  [
    "one of ours that the customer declined, which Meta then reports as ended",
    [call(0, "connect", ours), status(4, "REJECTED"), call(5, "terminate", { ...ours, status: "FAILED" })],
    { body: "📞 Call, declined", createdAt: NOON, fromMe: true },
    { direction: "outbound", state: "rejected" },
    { unreadCount: 0, lastInboundAt: null },
  ],
  [
    "one of theirs that was declined",
    [call(0, "connect", theirs), call(3, "terminate", { ...theirs, status: "REJECTED" })],
    { body: "📞 Call, declined", createdAt: NOON, fromMe: false },
    { direction: "inbound", state: "rejected" },
    { unreadCount: 1 },
  ],
  [
    "one of ours with a recording, which does not say who called",
    [
      call(0, "connect", ours),
      call(130, "terminate", { ...ours, ...taken }),
      file(190, "call_recording_available", {
        call_recording: { audio: { id: "71", mime_type: "audio/ogg" } },
      }),
    ],
    { body: "📞 Call, 2 min 5 s", createdAt: NOON, fromMe: true, mediaId: null },
    { direction: "outbound", state: "ended" },
    { unreadCount: 0, lastMessageAt: NOON },
  ],
  [
    "one of ours that the customer declined",
    [call(0, "connect", ours), status(4, "REJECTED")],
    { body: "📞 Call, declined", createdAt: NOON, fromMe: true },
    { direction: "outbound", state: "rejected" },
    { unreadCount: 0, lastInboundAt: null },
  ],
];

describe("a call", () => {
  it.for(cases)(
    "is one message that ends alike in every order: %s",
    async ([, reports, row, content, shown], { expect }) => {
      let first: object | null = null;
      const who = aCustomer();
      for (const order of permutations(reports)) {
        for (const together of [true, false]) {
          const ground = await anOrganization();
          const events = order.flatMap((report) => report(ground, who));
          if (together) await ingest(db, events);
          else for (const event of [...events, ...events]) await ingest(db, [event]);

          const all = await messagesWhere(ground);
          expect(all).toHaveLength(reports.length + 1);
          const calls = all.filter(({ wamid }) => wamid === "wacid.ONE");
          expect(calls).toMatchObject([{ ...row, content }]);
          const chat = await chatOf(ground);
          expect(chat).toMatchObject(shown);
          const page = await pageOfMessages(db, chat, { side: "newest" }, 50);
          expect(page?.messages.map((one) => one.id)).toContain(calls[0]?.id);
          expect(page?.messages.every(({ amends }) => amends === null)).toBe(true);
          const { state, faults } = await finalState(db, ground.organizationPhoneId);
          expect(faults).toEqual([]);
          // Nothing of a call is left to the admins alone.
          expect(state.storedEvents).toEqual([]);
          const { storedEvents: _, ...same } = state;
          first ??= same;
          expect(same).toEqual(first);
        }
      }
    },
  );

  it("shows its recording and its transcript, and changes with each and with what becomes of it", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const who = aCustomer();
    const reports = [
      call(0, "connect", theirs),
      call(130, "terminate", { ...theirs, ...taken }),
      file(190, "call_recording_available", {
        call_recording: { audio: { id: "81", mime_type: "audio/ogg" } },
      }),
      file(191, "call_transcription_available", { call_transcript: { document: { id: "82" } } }),
    ];
    const changes: number[] = [];
    for (const report of reports) {
      const { events, files } = await ingest(db, report(ground, who));
      const { id } = await messageOf(ground, "wacid.ONE");
      changes.push(events.filter(({ messageId, isNew }) => isNew && messageId === id).length);
      if (report === reports[2]) expect(files).toEqual([ground.organizationPhoneId]);
    }
    expect(changes).toEqual([1, 1, 1, 1]);
    const { id, chatId } = await messageOf(ground, "wacid.ONE");
    const shown = async () => await findMessage(db, ground.organizationId, id);
    const [recording, transcript] = (await shown())?.callFiles ?? [];
    expect([recording, transcript]).toMatchObject([
      { kind: "recording", state: "pending", mimeType: "audio/ogg" },
      { kind: "transcript", state: "pending" },
    ]);
    expect((await shown())?.media).toMatchObject({ id: recording?.id, state: "pending" });
    const change = { state: "stored" as const, attempts: 1, sizeBytes: 3 };
    const settled = await settleFile(db, recording?.id ?? 0, { attempts: 0 }, change);
    expect(settled?.events).toMatchObject([{ event: "message.updated", messageId: id }]);
    expect(await shown()).toMatchObject({
      body: "📞 Call, 2 min 5 s",
      media: { state: "stored", sizeBytes: 3 },
    });
    const chat = await findChat(db, { id: chatId, organizationId: ground.organizationId });
    expect(chat).toMatchObject({ unreadCount: 1, lastMessage: { id, callFiles: [{ state: "stored" }, {}] } });
    expect(await fileOf(db, ground.organizationId, recording?.id ?? 0)).not.toBeNull();
  });

  it("is not the voicemail under its id, which comes before it, between or after it", async ({ expect }) => {
    const voicemail: Report = (ground, from) =>
      eventsOf(
        ground,
        anItem(
          "audio",
          { id: "91", mime_type: "audio/ogg", voice: true },
          { from, wamid: "wacid.ONE", at: later(40) },
        ),
      );
    const reports = [voicemail, call(0, "connect", theirs), call(30, "terminate", theirs)];
    for (const order of permutations(reports)) {
      const ground = await anOrganization();
      const who = aCustomer();
      const files: number[] = [];
      for (const report of [...order, ...order])
        files.push(...((await ingest(db, report(ground, who))).files ?? []));
      expect(files).toEqual([ground.organizationPhoneId]);
      const called = await messageOf(ground, "wacid.ONE");
      expect(called).toMatchObject({ body: "📞 Missed call", messageType: "call", mediaId: null });
      expect(await messageOf(ground, "wacid.ONE#voicemail")).toMatchObject({
        ...{
          body: "[voicemail]",
          messageType: "audio",
          mediaId: expect.any(Number),
          replyToMessageId: called.id,
        },
        content: { type: "audio", mediaId: "91", voicemail: true },
      });
      const chat = await chatOf(ground);
      expect(chat).toMatchObject({ unreadCount: 2, lastMessageAt: later(40) });
      const page = await pageOfMessages(db, chat, { side: "newest" }, 50);
      expect(page?.messages.map(({ body }) => body)).toEqual(["📞 Missed call", "[voicemail]"]);
      // Meta takes no read receipt for either.
      expect(await newestInbound(db, chat.id)).toBeNull();
    }
  });

  it("whose beginning is reported last logs it as a change of its row", async ({ expect }) => {
    const ground = await anOrganization();
    const who = aCustomer();
    const [connect, terminate] = [call(0, "connect", theirs), call(30, "terminate", theirs)];
    await ingest(db, terminate(ground, who));
    const { id, chatId } = await messageOf(ground, "wacid.ONE");
    const { events } = await ingest(db, connect(ground, who));
    expect(events.filter(({ messageId, isNew }) => isNew && messageId === id)).toMatchObject([
      { event: "message.updated" },
    ]);
    expect((await logOf(chatId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const chat = await findChat(db, { id: chatId, organizationId: ground.organizationId });
    expect(chat?.lastMessage).toMatchObject({ id, body: "📞 Missed call", createdAt: NOON.toISOString() });
  });
});

function permutations<Thing>(things: Thing[]): Thing[][] {
  if (things.length < 2) return [things];
  return things.flatMap((first, i) => permutations(things.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}
