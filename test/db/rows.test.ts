import { describe, it } from "vitest";
import { type ChatRow, type MessageRow, rfc3339, toChat, toMessage } from "../../src/db/rows.ts";

const message: MessageRow = {
  ...{
    id: 7,
    chatId: 3,
    seq: 9,
    wamid: "wamid.A",
    fromMe: true,
    messageType: "image",
    amends: null,
    body: "A picture",
  },
  ...{
    content: null,
    isHistory: false,
    status: "failed",
    messageStatus: "accepted",
  },
  error: {
    ...{ code: "customer_has_not_written", title: "t", advice: "a" },
    ...{ metaCode: 131047, detail: null, fbtraceId: null },
  },
  ...{
    replyToMessageId: 5,
    reactions: [{ emoji: "👍", fromMe: false, sender: null, senderName: null }],
    ...{ agentId: 2, agentSub: "anna", agentName: "Anna", idempotencyKey: "key-of-anna" },
  },
  ...{ editedAt: "2026-11-28 14:00:01+00", revokedAt: null },
  ...{ createdAt: "2026-11-28 14:00:00.5+00", receivedAt: "2026-11-28 14:00:00.75+00" },
  ...{ mediaId: 4, mediaState: "stored", mediaMimeType: "image/png", mediaFileName: "a.png" },
  ...{ mediaSizeBytes: "12", mediaProblem: null, isAfterInbound: true, isWithinWindow: false },
  ...{ payment: null, callFiles: null },
};

describe("a moment", () => {
  it.for([
    ["2026-11-28 14:00:00+00", "2026-11-28T14:00:00.000Z"],
    ["2026-11-28 14:00:00.5+00", "2026-11-28T14:00:00.500Z"],
    ["2026-11-28T14:00:00.123+00:00", "2026-11-28T14:00:00.123Z"],
    ["2026-11-28 14:00:00.12+03", "2026-11-28T11:00:00.120Z"],
    ["2026-11-28T14:00:00+05:30", "2026-11-28T08:30:00.000Z"],
    ["2026-11-28 14:00:00-00:30", "2026-11-28T14:30:00.000Z"],
  ] as const)("%s is %s", ([text, moment], { expect }) => {
    expect(rfc3339(text)).toBe(moment);
    expect(rfc3339(new Date(moment))).toBe(moment);
  });
});

describe("a chat's row", () => {
  const columns = Object.entries(message).map(([name, value]) => [`last_${name}`, value]);
  const row = {
    ...{
      id: 3,
      organizationPhoneId: 1,
      head: 9,
      unreadCount: 0,
      status: "open",
      ...{ assigneeId: null, snoozedUntil: null, labelIds: [4], mentionedIds: [5] },
      mergedIntoId: null,
    },
    ...{ lastInboundAt: "2026-11-28 14:00:00+00", lastMessageAt: "2026-11-28 14:00:00+00" },
    ...{
      contactId: 8,
      contactName: "Anna",
      contactProfileName: "A.",
      contactGroupId: null,
      contactPhone: "7999",
      contactUserId: null,
      contactUsername: null,
    },
    ...{ contactMarketingStoppedAt: null, contactBlockedAt: null },
    ...Object.fromEntries(columns),
  } as ChatRow;

  it("shows its newest message as the message's own row does, in every field", ({ expect }) => {
    const shown = toMessage(message);
    expect(Object.values(shown)).not.toContain(undefined);
    expect(toChat(row).lastMessage).toEqual(shown);
    expect(shown).toMatchObject({ error: { code: "window_closed" }, media: { sizeBytes: 12 } });
    expect(shown).toMatchObject({ sentBy: { sub: "anna", name: "Anna" }, idempotencyKey: "key-of-anna" });
  });

  it("has none without a message", ({ expect }) => {
    const empty = Object.fromEntries(columns.map(([name]) => [name, null]));
    expect(toChat({ ...row, ...empty }).lastMessage).toBeNull();
  });
});
