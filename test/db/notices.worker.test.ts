import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { type Observation, reconcileAlarms } from "../../src/db/alarms.ts";
import { ingest, quarantine } from "../../src/db/ingest.ts";
import { newestInbound } from "../../src/db/messages.ts";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { aCustomer, anOrganization, db, wabaOf } from "../support/build.ts";
import {
  accountEventsOf,
  eventsOfNotice,
  ingestNotice,
  type NoticeChange,
  noticesOf,
  numberOf,
} from "../support/notices.ts";
import { aTextOf, chatOf, chatsOf, eventsOfField, ingestItems, messagesWhere } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

const restriction: NoticeChange = {
  field: "account_update",
  value: {
    event: "ACCOUNT_RESTRICTION",
    restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: 1_777_777_777 }],
  },
  at: NOON,
};

/** Readiness of all files that share the database would go red with it. */
async function forget(eventId: number | undefined): Promise<void> {
  await db.delete(webhookEvents).where(eq(webhookEvents.id, eventId ?? 0));
}

function quality(event: string, limit: string, at: Date): NoticeChange {
  const value = { display_phone_number: "79001234567", event, max_daily_conversations_per_business: limit };
  return { field: "phone_number_quality_update", value, at };
}

function name(decision: string, requested: string, at: Date): NoticeChange {
  const value = { display_phone_number: "+7 900 123-45-67", decision, requested_verified_name: requested };
  return { field: "phone_number_name_update", value, at };
}

describe("what Meta reports about an account", () => {
  it("is a notice, once, and its raw event is marked as applied", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestNotice(ground, restriction, restriction);
    const [event] = eventsOfNotice(ground, restriction);
    const ingested = await ingest(db, event ? [event, event] : []);

    expect(ingested.notices).toBeUndefined();
    const [notice, ...more] = await noticesOf(ground);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({
      wabaId: wabaOf(ground),
      organizationPhoneId: null,
      field: "account_update",
      kind: "account",
      severity: "critical",
      happenedAt: NOON,
      detail: { event: "ACCOUNT_RESTRICTION", subject: { type: "account" } },
    });
    const stored = await accountEventsOf(ground);
    expect(stored).toHaveLength(1);
    expect(stored[0]?.appliedAt).toBeInstanceOf(Date);
  });

  it("is returned for publishing when it is new", async ({ expect }) => {
    const ground = await anOrganization();
    const { notices } = await ingest(db, eventsOfNotice(ground, restriction));
    const [stored] = await noticesOf(ground);
    expect(notices).toMatchObject([
      {
        organizationId: ground.organizationId,
        inboxWatched: false,
        notice: {
          id: stored?.id,
          kind: "account",
          subject: { type: "account" },
          happenedAt: NOON.toISOString(),
        },
      },
    ]);
    expect(notices?.[0]?.notice.detail).not.toHaveProperty("subject");
  });

  it("belongs to every organization that shares the account; a report about a number to its own", async ({
    expect,
  }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    await db
      .update(organizationPhones)
      .set({ wabaId: wabaOf(ours), phoneNumber: "7 (900) 765-43-21" })
      .where(eq(organizationPhones.id, theirs.organizationPhoneId));
    await ingestNotice(ours, restriction);
    const flagged = quality("FLAGGED", "TIER_2K", NOON);
    await ingestNotice(ours, {
      ...flagged,
      value: { ...flagged.value, display_phone_number: "79007654321" },
    });

    expect((await noticesOf(ours)).map(({ kind }) => kind)).toEqual(["account"]);
    expect(await noticesOf(theirs)).toMatchObject([
      { kind: "account" },
      { kind: "numberQuality", organizationPhoneId: theirs.organizationPhoneId },
    ]);
    expect(await numberOf(theirs)).toMatchObject({ qualityRating: "RED", messagingLimit: "TIER_2K" });
    expect(await numberOf(ours)).toMatchObject({ qualityRating: null, messagingLimit: null });
    // The raw event of a shared account is nobody's to read; that of a number is its organization's.
    expect((await accountEventsOf(ours)).map(({ organizationId }) => organizationId)).toEqual([
      null,
      theirs.organizationId,
    ]);
  });

  it("is stored raw while the account is not connected", async ({ expect }) => {
    const ground = await anOrganization();
    const hide = (wabaId: string | null) =>
      db
        .update(organizationPhones)
        .set({ wabaId })
        .where(eq(organizationPhones.id, ground.organizationPhoneId));
    await hide(null);
    await ingestNotice(ground, restriction);
    expect(await accountEventsOf(ground)).toMatchObject([{ organizationId: null, appliedAt: null }]);
    await hide(wabaOf(ground));
    await ingestNotice(ground, restriction);
    expect(await noticesOf(ground)).toHaveLength(1);
    const [stored] = await accountEventsOf(ground);
    expect(stored?.appliedAt).toBeInstanceOf(Date);
  });

  it("is stored raw when the database refuses its content", async ({ expect }) => {
    const ground = await anOrganization();
    const [event] = eventsOfNotice(ground, restriction);
    const bad: InboundEvent[] =
      event?.kind === "notice" && event.parsed
        ? [{ ...event, parsed: { ...event.parsed, at: "no moment" } }]
        : [];
    expect(bad).toHaveLength(1);
    await expect(ingest(db, bad)).rejects.toThrow();
    await quarantine(db, bad);
    expect(await accountEventsOf(ground)).toMatchObject([{ reason: "refused_by_database", appliedAt: null }]);
    expect(await noticesOf(ground)).toEqual([]);
  });

  it("may be of an unknown field, with text that Postgres refuses", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestNotice(ground, { field: "tomorrow\0\uD83D", value: { event: "\0", deep: [[[]]] }, at: NOON });
    expect(await noticesOf(ground)).toMatchObject([{ kind: "other", severity: "info" }]);
  });
});

describe("a notice that names a number", () => {
  /** Two organizations that share an account: theirs wrote its number with a digit more than Meta does. */
  async function aSharedAccount() {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    const shown = String(60_000_000_000 + theirs.organizationPhoneId);
    await db
      .update(organizationPhones)
      .set({ wabaId: wabaOf(ours), phoneNumber: `+9 ${shown}` })
      .where(eq(organizationPhones.id, theirs.organizationPhoneId));
    const value = { display_phone_number: shown, event: "FLAGGED" };
    const flagged: NoticeChange = { field: "phone_number_quality_update", value, at: NOON };
    const reportDisplayedPhone = async (phoneNumberId: string, display_phone_number: string) => {
      const metadata = { display_phone_number, phone_number_id: phoneNumberId };
      await ingest(db, eventsOfField(ours, "messages", { metadata, statuses: [A_STATUS] }));
    };
    return { ours, theirs, shown, flagged, reportDisplayedPhone };
  }
  const A_STATUS = {
    id: "wamid.unknown",
    status: "sent",
    timestamp: "1790000000",
    recipient_id: "79160000000",
  };

  it("is nobody's while the number is not found, and is stored for the operator, with the reason", async ({
    expect,
  }) => {
    const { ours, theirs, flagged } = await aSharedAccount();
    const { unassigned } = await ingest(db, eventsOfNotice(ours, flagged));
    expect(await noticesOf(ours)).toEqual([]);
    expect(await noticesOf(theirs)).toEqual([]);
    const [stored] = await accountEventsOf(ours);
    const expected = {
      organizationId: null,
      reason: "unknown_number",
      severity: "critical",
      appliedAt: null,
    };
    expect(stored).toMatchObject(expected);
    expect(unassigned).toEqual([{ eventId: stored?.id, reason: "unknown_number" }]);
    await forget(stored?.id);
  });

  it("is its organization's once a message showed what Meta calls the number", async ({ expect }) => {
    const { ours, theirs, shown, flagged, reportDisplayedPhone } = await aSharedAccount();
    await reportDisplayedPhone(theirs.phoneNumberId, `+${shown.slice(0, 3)} ${shown.slice(3)}`);
    await ingestNotice(ours, flagged);
    expect(await noticesOf(ours)).toEqual([]);
    expect(await noticesOf(theirs)).toMatchObject([{ organizationPhoneId: theirs.organizationPhoneId }]);
  });

  it("is not for a row that was typed as that number, when Meta calls the row's number otherwise", async ({
    expect,
  }) => {
    const { ours, theirs, shown, flagged, reportDisplayedPhone } = await aSharedAccount();
    await db
      .update(organizationPhones)
      .set({ phoneNumber: shown })
      .where(eq(organizationPhones.id, ours.organizationPhoneId));
    await reportDisplayedPhone(ours.phoneNumberId, `1${shown}`);
    await ingestNotice(ours, flagged);
    expect([await noticesOf(ours), await noticesOf(theirs)]).toEqual([[], []]);
    await reportDisplayedPhone(theirs.phoneNumberId, shown);
    await ingestNotice(ours, flagged);
    expect([await noticesOf(ours), await noticesOf(theirs)]).toMatchObject([[], [{ severity: "critical" }]]);
    const [stored] = await accountEventsOf(ours);
    expect(stored?.appliedAt).toBeInstanceOf(Date);
  });

  it("is not for the account that the number left, whatever was displayed there", async ({ expect }) => {
    const { ours, shown, flagged, reportDisplayedPhone } = await aSharedAccount();
    const former = await anOrganization();
    await reportDisplayedPhone(former.phoneNumberId, shown);
    await ingestNotice(ours, flagged);
    expect([await noticesOf(former), await noticesOf(ours)]).toEqual([[], []]);
    const [stored] = await accountEventsOf(ours);
    await forget(stored?.id);
  });

  it("is found without an account, where the entry has the id 0", async ({ expect }) => {
    const { ours, theirs, shown, reportDisplayedPhone } = await aSharedAccount();
    await reportDisplayedPhone(theirs.phoneNumberId, shown);
    const value = { phone_number: shown, ...restriction.value };
    const entry = [{ id: "0", time: 1_790_000_000, changes: [{ field: "account_update", value }] }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry });
    await ingest(db, flatten(new TextEncoder().encode(body)));
    expect(await noticesOf(ours)).toEqual([]);
    expect(await noticesOf(theirs)).toMatchObject([
      { organizationPhoneId: theirs.organizationPhoneId, wabaId: null, severity: "critical" },
    ]);
  });

  it.for<[string, (phoneNumberId: string) => NoticeChange]>([
    [
      "the settings",
      (phone_number_id) => ({
        field: "account_settings_update",
        value: { phone_number_settings: { phone_number_id, calling: { status: "ENABLED" } } },
      }),
    ],
    [
      "an alert",
      (entity_id) => ({
        field: "account_alerts",
        value: { entity_type: "PHONE_NUMBER", entity_id, alert_info: { alert_type: "PROFILE_PICTURE_LOST" } },
      }),
    ],
  ])(
    "by Meta's id alone, as %s do, is for its organization, and has its digits",
    async ([, notice], { expect }) => {
      const { ours, theirs, shown } = await aSharedAccount();
      await ingestNotice(ours, { ...notice(theirs.phoneNumberId), at: NOON });
      await ingestNotice(ours, { ...notice("199999999999999"), at: NOON });
      expect(await noticesOf(ours)).toEqual([]);
      expect(await noticesOf(theirs)).toMatchObject([
        {
          organizationPhoneId: theirs.organizationPhoneId,
          detail: { subject: { type: "phoneNumber", phoneNumber: `9${shown}` } },
        },
      ]);
    },
  );
});

describe("a handover of a chat", () => {
  const control_passed = {
    previous_owner_app_id: "7",
    metadata: "topic: cakes",
    conversation_context: { type: "summary", summary: { text: "Wants a cake" } },
  };

  it("is a notice, and a message of the chat with its words, once", async ({ expect }) => {
    const ground = await anOrganization();
    const phone = aCustomer();
    await ingestItems(ground, aTextOf("A", { from: phone, wamid: "wamid.A", at: NOON }));
    const recipient = { phone_number_id: ground.phoneNumberId, display_phone_number: "79001234567" };
    const sender = { phone_number: phone };
    const value = { recipient, sender, type: "control_passed", timestamp: "1790000000", control_passed };
    const change: NoticeChange = { field: "messaging_handovers", value, at: NOON };
    await ingestNotice(ground, change, change);

    expect(await noticesOf(ground)).toMatchObject([
      { kind: "handover", organizationPhoneId: ground.organizationPhoneId, detail: { phone } },
    ]);
    const chat = await chatOf(ground);
    const shown = await messagesWhere(ground);
    expect(shown.map(({ body }) => body)).toEqual([
      "A",
      "🔀 Another app passed this chat: Wants a cake\ntopic: cakes",
    ]);
    expect(shown[1]).toMatchObject({ chatId: chat.id, messageType: "handover", payload: value });
    // Meta takes a read receipt for what the customer wrote, and for nothing else.
    expect(await newestInbound(db, chat.id)).toBe("wamid.A");
  });
});

describe("a number", () => {
  const tellings = [
    quality("FLAGGED", "TIER_1K", later(1)),
    quality("UNFLAGGED", "TIER_10K", later(2)),
    name("DEFERRED", "Shop", later(1)),
    name("APPROVED", "The Shop", later(2)),
    name("REJECTED", "The Best Shop", later(3)),
  ];

  it.for([
    [0, 1, 2, 3, 4],
    [4, 3, 2, 1, 0],
    [1, 4, 0, 3, 2],
    [3, 0, 4, 2, 1],
  ])("ends alike in any order of reports: %s", async (order, { expect }) => {
    const ground = await anOrganization();
    for (const i of order) await ingestNotice(ground, ...tellings.slice(i, i + 1));
    expect(await numberOf(ground)).toMatchObject({
      qualityRating: "UNKNOWN",
      messagingLimit: "TIER_10K",
      nameStatus: "REJECTED",
      verifiedName: "The Shop",
    });
  });

  it("has the limit of its account when that is reported", async ({ expect }) => {
    const ground = await anOrganization();
    const value = { max_daily_conversations_per_business: "TIER_100K" };
    await ingestNotice(ground, { field: "business_capability_update", value, at: later(2) });
    await ingestNotice(ground, quality("ONBOARDING", "TIER_1K", later(1)));
    expect(await numberOf(ground)).toMatchObject({ messagingLimit: "TIER_100K", qualityRating: null });
  });
});

describe("a user id that changes", () => {
  it.for(["first", "last"])("keeps one contact and one chat; reported %s", async (when, { expect }) => {
    const ground = await anOrganization();
    const phone = aCustomer();
    const [old, next] = ["RU.111", "RU.222"].map((id) => `${id}${ground.organizationId}`);
    const value = {
      messaging_product: "whatsapp",
      metadata: { phone_number_id: ground.phoneNumberId },
      user_id_update: [{ user_id: { previous: old, current: next }, timestamp: 1_777_637_400 }],
    };
    const change: NoticeChange = { field: "user_id_update", value };
    await ingestItems(ground, aTextOf("A", { from: phone, fromUserId: old ?? "", at: NOON }));
    if (when === "first") await ingestNotice(ground, change);
    await ingestItems(ground, aTextOf("B", { fromUserId: next ?? "", at: later(60) }));
    if (when === "last") await ingestNotice(ground, change, change);
    expect(await chatsOf(ground)).toMatchObject([{ unreadCount: 2, contact: { userId: next } }]);
    expect(await chatOf(ground)).toBeDefined();
  });
});

describe("an alarm", () => {
  it("is neither raised nor cleared by a check that began before the last change of it", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const observe = (minute: number, isWrong: boolean): Observation => ({
      organizationId: ground.organizationId,
      organizationPhoneId: null,
      wabaId: null,
      alarm: "phone:1:C02",
      observedAt: later(minute).toISOString(),
      wrong: isWrong
        ? {
            code: "token_invalid",
            kind: "numberCheck",
            severity: "critical",
            title: "The token is invalid.",
            detail: {},
            happenedAt: later(minute).toISOString(),
          }
        : null,
    });
    const changesOf = async (observed: Observation) =>
      (await reconcileAlarms(db, [observed])).map(({ notice }) => notice.clearedAt);

    expect(await changesOf(observe(1, true))).toEqual([null]);
    expect(await changesOf(observe(0, false))).toEqual([]);
    expect(await changesOf(observe(3, false))).toEqual([later(3).toISOString()]);
    expect(await changesOf(observe(2, true))).toEqual([]);
    expect(await changesOf(observe(4, true))).toEqual([null]);
  });
});
