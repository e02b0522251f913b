import { setBlocked } from "../../../src/db/chats.ts";
import { findContact, mergeContacts, nameContact, undoMerge } from "../../../src/db/contacts.ts";
import { beginErasure, eraseMessages, finishErasure, forgetErasures } from "../../../src/db/erasure.ts";
import { createMessage } from "../../../src/db/new-messages.ts";
import { claimMessage, settleMessage } from "../../../src/db/outgoing.ts";
import { type Call, ingesting, reading, writing } from "./call.ts";
import { newOutgoingText } from "./outgoing-text.ts";
import { GROUP_ID } from "./rare-rows.ts";
import type { RareTargets } from "./rare-targets.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";
import { aWamid, changeOf, fromCustomer, now, status } from "./webhooks.ts";

/** An identity is looked up by each of its ids, among all its reports, and again once it is locked. */
const IDENTITY_ALLOWANCE = { perRow: 12, extra: 100 };
/** For each event of a merge: the message with its statuses, and what refers to it. */
const MERGE_ALLOWANCE = { perRow: 30, extra: 150 };

/**
 * No index finds who is named in raw webhooks, statuses that wait for their message, notices and groups, so all of these are read:
 * twice in groups, whose messages have statuses. The messages that were erased before still have their entries in the indexes.
 */
const ERASURE_ALLOWANCE = {
  ...IDENTITY_ALLOWANCE,
  morePages: 100,
  more: { WebhookEvent: 3_500, MessageStatus: 3_000, Notice: 3_000, Message: 2_500, "Function Scan": 1_500 },
};

/** Of another long chat, with a phone and a user id. */
const MERGED_INTO = 17;

/** What happens to people: names, blocks, changed ids, merges, erasures. */
export function peopleCalls(seeded: Seeded, { people, talkative, groupMembers }: RareTargets): Call[] {
  const { organizationId, phones, agentIds } = seeded;
  const agentId = agentIds[0] ?? 0;
  const phoneNumberId = phones[0]?.phoneNumberId ?? "";
  const [named, merged, moved, changed, taken, joined, quoting, learnt, parent, renamed] = people;
  if (!renamed || !merged || !moved || !changed || !taken || !joined || !quoting || !learnt || !parent)
    throw new Error("too few people");
  const [longer] = talkative;
  const [erased] = groupMembers;
  const person = { organizationId, contactId: erased.contactId, at: new Date() };
  const into = seeded.customerOf(MERGED_INTO);
  let mergeId = 0;
  let sent = 0;
  let wamid = "";
  return [
    reading("a contact", (db) => findContact(db, organizationId, LONGEST_CHAT), { perRow: 0, extra: 20 }),
    writing("name a contact", (db) =>
      nameContact(db, { id: named.contactId, organizationId }, `Anna ${Date.now()}`, agentId, new Date()),
    ),
    writing("block a contact", (db) =>
      setBlocked(db, { id: named.chatId, organizationId }, new Date(), agentId),
    ),
    writing(
      "merge a contact into that of the longest chat",
      async (db) => {
        const merge = await mergeContacts(db, organizationId, [LONGEST_CHAT, longer.contactId], agentId);
        if (merge.kind === "merged") mergeId = merge.mergeId;
        return merge;
      },
      MERGE_ALLOWANCE,
    ),
    writing("undo that merge", (db) => undoMerge(db, organizationId, mergeId, agentId), MERGE_ALLOWANCE),
    ingesting(
      "a text by which two contacts are one person",
      () => fromCustomer(phoneNumberId, { phone: joined.phone, userId: into.userId }, aText()),
      MERGE_ALLOWANCE,
    ),
    ingesting(
      "a customer's new number",
      () => changedNumber(phoneNumberId, moved.phone, aPhone()),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a customer's new number, which another contact has",
      () => changedNumber(phoneNumberId, changed.phone, taken.phone),
      MERGE_ALLOWANCE,
    ),
    ingesting(
      "a new user id, with the phone",
      () => fromCustomer(phoneNumberId, { phone: learnt.phone, userId: aUserId() }, aText()),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a changed user id",
      () =>
        changeOf(phoneNumberId, "user_id_update", {
          user_id_update: [
            {
              wa_id: seeded.customerOf(25).phone,
              user_id: { previous: seeded.customerOf(25).userId, current: aUserId() },
              timestamp: now(),
            },
          ],
        }),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "an id over all portfolios",
      () =>
        fromCustomer(
          phoneNumberId,
          parent,
          { ...aText(), from_parent_user_id: aUserId() },
          {
            parent_user_id: aUserId(),
          },
        ),
      IDENTITY_ALLOWANCE,
    ),
    ingesting("a new name", () =>
      fromCustomer(phoneNumberId, { phone: renamed.phone, userId: null }, aText(), {
        profile: { name: `Boris ${Date.now()}` },
      }),
    ),
    ingesting(
      "a name of the address book",
      () =>
        changeOf(phoneNumberId, "smb_app_state_sync", {
          state_sync: [
            {
              type: "contact",
              action: "add",
              contact: { phone_number: renamed.phone, full_name: `Clara ${Date.now()}` },
              metadata: { timestamp: now() },
            },
          ],
        }),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a preference",
      () =>
        changeOf(phoneNumberId, "user_preferences", {
          user_preferences: [
            { wa_id: renamed.phone, category: "marketing_messages", value: "stop", timestamp: now() },
          ],
        }),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a text of a group's member",
      () =>
        fromCustomer(
          phoneNumberId,
          { phone: renamed.phone, userId: null },
          { ...aText(), group_id: GROUP_ID },
        ),
      IDENTITY_ALLOWANCE,
    ),
    writing(
      "a message to a new customer",
      async (db) => {
        const created = await createMessage(db, {
          ...newOutgoingText(seeded),
          ...{ chatId: null, phone: aPhone(), freeText: false },
        });
        if (created.kind === "created") sent = created.message.id;
        return created;
      },
      { perRow: 0, extra: 500 },
    ),
    writing(
      "its recipient, as Meta knows them",
      async (db) => {
        wamid = aWamid();
        const at = new Date();
        await claimMessage(db, sent, { claimId: wamid, leaseUntil: new Date(at.getTime() + 30_000) }, at);
        const recipient = { phone: aPhone(), userId: aUserId() };
        return await settleMessage(db, sent, wamid, { status: "accepted", wamid, recipient });
      },
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a status that names another recipient",
      () => status(seeded, MERGED_INTO, wamid, "delivered", { recipient_user_id: aUserId() }),
      IDENTITY_ALLOWANCE,
    ),
    ingesting(
      "a reply from another chat to a message of ours",
      () => fromCustomer(phoneNumberId, quoting, { ...aText(), context: { from: "79001234567", id: wamid } }),
      MERGE_ALLOWANCE,
    ),
    writing("begin to erase a person", (db) => beginErasure(db, person), IDENTITY_ALLOWANCE),
    writing("erase their messages", (db) => eraseMessages(db, person), { perRow: 12, extra: 40 }),
    writing("erase the rest of them", (db) => finishErasure(db, person, agentId, 20), ERASURE_ALLOWANCE),
    writing("forget erasures (none)", (db) => forgetErasures(db, new Date(0))),
  ];
}

function changedNumber(phoneNumberId: string, from: string, to: string) {
  const system = {
    type: "user_changed_number",
    body: `User A changed from ${from} to ${to}`,
    wa_id: to,
  };
  return fromCustomer(phoneNumberId, { phone: from, userId: null }, { type: "system", system });
}

function aText() {
  return { type: "text", text: { body: "Good morning" } };
}

let made = 0;

function aPhone(): string {
  made += 1;
  return `7996${String(made).padStart(7, "0")}`;
}

function aUserId(): string {
  made += 1;
  return `RU.${2_000_000_000_000_000 + made}`;
}
