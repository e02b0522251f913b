import { markChatRead } from "../../../src/db/chats.ts";
import type { Db } from "../../../src/db/client.ts";
import { createClaimed, createMessage } from "../../../src/db/new-messages.ts";
import { claimMessage, settleMessage } from "../../../src/db/outgoing.ts";
import { removeOldRows } from "../../../src/db/retention.ts";
import { watchChat, watchInbox } from "../../../src/db/watching.ts";
import { type Call, ingesting, QUEUE_ALLOWANCE, writing } from "./call.ts";
import type { CallTargets } from "./call-targets.ts";
import { CAMPAIGN_CHAT } from "./hard-cases.ts";
import { newOutgoingText } from "./outgoing-text.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";
import { aWamid, echo, from, fromCustomer, status, texts } from "./webhooks.ts";

/** No other call writes into it: an answer counts what the customer wrote in the last seconds before it. */
const ANSWERED_CHAT = 3;
/** Where somebody watches, it also returns the rows to show, each of a dozen tables. */
const WATCHED_ALLOWANCE = { perRow: 36, extra: 40 };
/** Removing old rows looks at 2,000 of each table at once, none of which is old here, and twice at what it has found. */
const RETENTION_ALLOWANCE = { perRow: 0, extra: 4_050 };

export function writingCalls(seeded: Seeded, { head, inbound, outgoing, queued }: CallTargets): Call[] {
  const { organizationId, agentIds } = seeded;
  const many = Array.from({ length: 64 }, (_, n) => 1 + ((n * 37) % seeded.chats));
  const once = texts(seeded, [4]);
  const [busiest] = seeded.phones;
  const agentId = agentIds[0] ?? 0;
  let newest = { id: 0, claimId: "" };
  return [
    ingesting("a text", () => texts(seeded, [LONGEST_CHAT])),
    ingesting("64 texts of 64 chats", () => texts(seeded, many)),
    ingesting("64 texts of a chat", () =>
      texts(
        seeded,
        Array.from({ length: 64 }, () => LONGEST_CHAT),
      ),
    ),
    ingesting("a text of a new customer", () =>
      fromCustomer(busiest?.phoneNumberId ?? "", newCustomer(), aText()),
    ),
    ingesting("32 texts of 32 new customers", () =>
      many.slice(32).flatMap(() => fromCustomer(busiest?.phoneNumberId ?? "", newCustomer(), aText())),
    ),
    ingesting("a reply", () =>
      texts(seeded, [inbound.chatId], { context: { from: "79001234567", id: inbound.wamid } }),
    ),
    ingesting("a reaction", () =>
      from(seeded, inbound.chatId, {
        type: "reaction",
        reaction: { message_id: inbound.wamid, emoji: "🙏" },
      }),
    ),
    ingesting("a status", () => status(seeded, outgoing.chatId, outgoing.wamid, "delivered")),
    ingesting("a new status", () => status(seeded, outgoing.chatId, outgoing.wamid, "played")),
    ingesting("a status before its message", () => status(seeded, LONGEST_CHAT, aWamid(), "sent")),
    ingesting("an echo", () => echo(seeded, ANSWERED_CHAT)),
    ...(["events", "statuses", "webhooks"] as const).map((group) => ({
      name: `removal of old ${group} (none)`,
      run: async (db: Db) => (await removeOldRows(db, group, new Date(0))).removed,
      allows: RETENTION_ALLOWANCE,
    })),
    ingesting("a text", () => once),
    ingesting("the same text again", () => once),
    writing(
      "a message to send",
      async (db) => {
        const created = await createMessage(db, newOutgoingText(seeded));
        if (created.kind !== "created") throw new Error(`the message was not created: ${created.kind}`);
        newest = { id: created.message.id, claimId: aWamid() };
        return 1;
      },
      QUEUE_ALLOWANCE,
    ),
    writing("a claim", async (db) => {
      const now = new Date();
      const claim = await claimMessage(db, newest.id, leaseOf(newest.claimId, now), now);
      if (claim.kind !== "claimed") throw new Error(`the message was not claimed: ${claim.kind}`);
      return 1;
    }),
    writing("a settlement", async (db) => {
      await settleMessage(db, newest.id, newest.claimId, { status: "accepted", wamid: aWamid() });
      return 1;
    }),
    writing(
      "a message that is claimed as it is stored, and its settlement",
      async (db) => {
        const lease = leaseOf(aWamid(), new Date());
        const { created, outgoing } = await createClaimed(db, newOutgoingText(seeded), lease);
        if (created.kind !== "created" || !outgoing) throw new Error("the message was not claimed");
        await settleMessage(db, created.message.id, lease.claimId, { status: "accepted", wamid: aWamid() });
        return 2;
      },
      QUEUE_ALLOWANCE,
    ),
    writing("a claim of a queued message", async (db) => {
      const now = new Date();
      await claimMessage(db, queued.id, leaseOf(aWamid(), now), now);
      return 1;
    }),
    writing("mark all as read", async (db) => {
      await markChatRead(db, { id: LONGEST_CHAT, organizationId }, null, agentId);
      return 1;
    }),
    writing("mark all but the last five as read", async (db) => {
      await markChatRead(db, { id: inbound.chatId, organizationId }, inbound.head - 5, agentId);
      return 5;
    }),
    writing("mark as read, in a chat without inbound messages", async (db) => {
      await markChatRead(db, { id: CAMPAIGN_CHAT, organizationId }, head, agentId);
      return 1;
    }),
    writing("open the inbox and a chat", async (db) => {
      const until = new Date(Date.now() + 3_600_000);
      await watchInbox(db, organizationId, until);
      await watchChat(db, LONGEST_CHAT, until);
      return 2;
    }),
    ingesting("a text of an open chat", () => texts(seeded, [LONGEST_CHAT]), WATCHED_ALLOWANCE),
    ingesting("64 texts of an open inbox", () => texts(seeded, many), WATCHED_ALLOWANCE),
    writing(
      "mark an open chat as read",
      async (db) => {
        await markChatRead(db, { id: LONGEST_CHAT, organizationId }, null, agentId);
        return 1;
      },
      WATCHED_ALLOWANCE,
    ),
  ];
}

let newCustomers = 0;

function newCustomer() {
  newCustomers += 1;
  return { phone: `7999${String(newCustomers).padStart(7, "0")}`, userId: null };
}

function aText() {
  return { type: "text", text: { body: "Good morning" } };
}

function leaseOf(claimId: string, now: Date) {
  return { claimId, leaseUntil: new Date(now.getTime() + 30_000) };
}
