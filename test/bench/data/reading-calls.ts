import { eventsAfter } from "../../../src/db/chat-events.ts";
import { type ChatFilter, countChats, findChat, pageOfChats } from "../../../src/db/chats.ts";
import { withMemberNames } from "../../../src/db/member-names.ts";
import { newestInbound, type PageAnchor, pageOfMessages } from "../../../src/db/messages.ts";
import { activityOf, backlogOf, queuedBefore } from "../../../src/db/metrics.ts";
import { unsettledMessages, unsettledPhones } from "../../../src/db/outgoing.ts";
import { findTemplate, pageOfTemplates, templatesForChat } from "../../../src/db/templates.ts";
import { traceOf } from "../../../src/db/traces.ts";
import { MOST_COUNTED } from "../../../src/domain/chat.ts";
import { type Call, QUEUE_ALLOWANCE, reading } from "./call.ts";
import type { CallTargets } from "./call-targets.ts";
import { CAMPAIGN_CHAT, REACTIONS_CHAT } from "./hard-cases.ts";
import { GROUP_ID } from "./rare-rows.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";

const LIST_CHATS = 30;
const PAGE_MESSAGES = 50;

/** Each of the five counts ends at `MOST_COUNTED`. */
const COUNT_ALLOWANCE = { perRow: 0, extra: 5 * MOST_COUNTED };

export function readingCalls(seeded: Seeded, { anchors, deep, head, outgoing }: CallTargets): Call[] {
  const { organizationId, phones, agentIds } = seeded;
  const [rare] = agentIds;
  const [busiest, , , idlest] = phones.map(({ id }) => id);
  const list = (name: string, filter: ChatFilter, after: CallTargets["deep"] | null = null) =>
    reading(`list, ${name}`, (db) => pageOfChats(db, organizationId, filter, after, LIST_CHATS));
  const page = (name: string, chat: number, anchor: PageAnchor) =>
    reading(
      `page, ${name}`,
      async (db) =>
        (await pageOfMessages(db, { id: chat, organizationId }, anchor, PAGE_MESSAGES))?.messages ?? [],
    );
  const sides = ["before", "after", "around"] as const;
  return [
    list("first page", {}),
    list("deep", {}, deep),
    list("of the busiest phone", { organizationPhoneId: busiest }),
    list("of the idlest phone", { organizationPhoneId: idlest }),
    list("open", { status: "open" }),
    list("closed, deep", { status: "closed" }, deep),
    list("snoozed (few)", { status: "snoozed" }),
    list("of a phone, snoozed (none)", { organizationPhoneId: busiest, status: "snoozed" }),
    list("mine", { assigneeId: rare }),
    list("mine, open, of a phone (none)", { assigneeId: rare, status: "open", organizationPhoneId: busiest }),
    list("unassigned, deep", { assigneeId: null }, deep),
    list("unassigned, of the idlest phone", { assigneeId: null, organizationPhoneId: idlest }),
    list("unread", { unread: true }),
    reading(
      "counts",
      async (db) => [await countChats(db, { organizationId, agentId: rare ?? 0 }, {})],
      COUNT_ALLOWANCE,
    ),
    reading("chat", async (db) => [await findChat(db, { id: LONGEST_CHAT, organizationId })]),
    reading("names in groups", (db) =>
      withMemberNames(
        db,
        anchors.map(({ messageId }) => ({
          contactGroupId: GROUP_ID,
          ...{ last_id: messageId, last_content: null, last_reactions: [] },
        })),
      ),
    ),
    page("newest", LONGEST_CHAT, { side: "newest" }),
    ...anchors.flatMap(({ position, messageId }) =>
      sides.map((side) => page(`${side} a message ${position}`, LONGEST_CHAT, { side, messageId })),
    ),
    page("newest, of a chat without inbound messages", CAMPAIGN_CHAT, { side: "newest" }),
    page("newest, after many reactions", REACTIONS_CHAT, { side: "newest" }),
    reading(
      "events, from the first",
      async (db) => (await eventsAfter(db, { id: LONGEST_CHAT, organizationId }, 0, 100))?.events ?? [],
    ),
    reading(
      "events, from the middle",
      async (db) =>
        (await eventsAfter(db, { id: LONGEST_CHAT, organizationId }, head >> 1, 100))?.events ?? [],
    ),
    reading(
      "resume, 50 missed",
      async (db) =>
        (await eventsAfter(db, { id: LONGEST_CHAT, organizationId: null }, head - 50, 500))?.events ?? [],
    ),
    reading(
      "resume, all missed",
      async (db) => (await eventsAfter(db, { id: LONGEST_CHAT, organizationId: null }, 0, 500))?.events ?? [],
    ),
    reading("newest inbound", async (db) => [await newestInbound(db, LONGEST_CHAT)]),
    reading("newest inbound, of a chat without inbound messages", async (db) => [
      await newestInbound(db, CAMPAIGN_CHAT),
    ]),
    reading("trace", async (db) => [await traceOf(db, organizationId, outgoing.id)]),
    reading("unsettled messages of a phone", (db) => unsettledMessages(db, busiest ?? 0, 50)),
    reading("unsettled messages of an idle phone (none)", (db) => unsettledMessages(db, idlest ?? 0, 50)),
    reading("phones with unsettled messages", (db) => unsettledPhones(db), QUEUE_ALLOWANCE),
    reading("backlog", async (db) => [await backlogOf(db, organizationId)], QUEUE_ALLOWANCE),
    reading(
      "messages queued for too long",
      async (db) => [await queuedBefore(db, new Date())],
      QUEUE_ALLOWANCE,
    ),
    reading("activity of a phone", async (db) => [await activityOf(db, busiest ?? 0)], QUEUE_ALLOWANCE),
    reading("templates", (db) =>
      pageOfTemplates(db, { organizationId, wabaId: "123456789012345" }, {}, null, 25),
    ),
    reading("template", async (db) => [
      await findTemplate(db, organizationId, busiest ?? 0, { name: "template_7", language: "en" }),
    ]),
    reading("templates of a chat", (db) => templatesForChat(db, organizationId, LONGEST_CHAT, 50)),
  ];
}
