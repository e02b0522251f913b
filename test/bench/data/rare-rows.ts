import { withClient } from "../../../src/local/with-client.ts";
import type { Seeded } from "./seed-shape.ts";

export const GROUP_ID = "Y2FwaV9ncm91cDoxMjM";
const GROUP_MESSAGES = 300;
/** The chat with most of the organization's notes. */
export const CHAT_OF_NOTES = 23;

/**
 * Adds rows to the tables that webhooks, agents and the schedule fill slowly, so many that to read a whole table would be seen:
 * reports of ids, merges, names, notices, stored events, notes, labels, files to fetch, messages without a known delivery, and a
 * group. Skips triggers and foreign keys, like `seed`.
 */
export async function addRareRows({ phones, agentIds }: Seeded, url: string): Promise<void> {
  const values = { phone: phones[0]?.id, agent: agentIds[0], group: GROUP_ID, messages: GROUP_MESSAGES };
  await withClient(url, async (client) => {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    for (const [name, value] of Object.entries(values))
      await client.query("select set_config($1, $2, true)", [`seed.${name}`, String(value)]);
    for (const statement of [...PEOPLE, ...TEAM, ...REPORTS, ...FILES, ...GROUP, ...SEARCH])
      await client.query(statement);
    await client.query("commit");
  });
}

const PHONE = "current_setting('seed.phone')::int";
const AGENT = "current_setting('seed.agent')::int";

const PEOPLE = [
  `insert into "IdentityReport" ("contactId", report, at)
   select k.id, jsonb_strip_nulls(jsonb_build_object('phone', k.phone, 'userId', k."userId")), k."createdAt" from "Contact" k`,
  // Every twentieth has changed their number since.
  `insert into "IdentityReport" ("contactId", report, at)
   select k.id, jsonb_build_object('previous', jsonb_build_object('phone', '7915' || lpad(k.id::text, 7, '0')),
     'current', jsonb_build_object('phone', k.phone), 'at', '2026-01-01T00:00:00.000Z'), '2026-01-01T00:00:00Z'
   from "Contact" k where k.id % 20 = 13`,
  `insert into "ContactIdentity" ("organizationId", "contactId", kind, value, "isCurrent", "createdAt", "endedAt")
   select 1, k.id, 'phone', '7915' || lpad(k.id::text, 7, '0'), false, k."createdAt", '2026-01-01T00:00:00Z'
   from "Contact" k where k.id % 20 = 13`,
  `update "Contact" k set "searchText" = ' ' || lower(k.name) || ' ' || coalesce(k.phone, '')`,
  `insert into "ContactName" ("contactId", name, "agentId", "createdAt")
   select 1 + n % 1500, 'Name ' || n, ${AGENT}, now() - interval '100 days' from generate_series(1, 2000) n`,
  // Merges that were undone.
  `insert into "ContactMerge" ("organizationId", "contactId", "mergedContactId", before, "undoneAt")
   select 1, 1000 + n, 1500 + n, '{"chats": [], "identities": []}', now() from generate_series(1, 400) n`,
  `insert into "MarketingChoice" ("organizationId", kind, value, "isStopped", "saidAt")
   select 1, 'phone', (79300000000 + n)::text, true, now() from generate_series(1, 1000) n`,
  `insert into "Erasure" ("organizationId", hash, "erasedAt")
   select 1, encode(sha256(int4send(n)), 'hex'), now() - interval '1 day' from generate_series(1, 2000) n`,
];

/** The chats in which a note mentions the agent. */
export const MENTIONING_CHATS = 40;

const TEAM = [
  `insert into "Label" ("organizationId", name, color) select 1, 'Label ' || n, 'red' from generate_series(1, 50) n`,
  `update "Chat" c set "labelIds" = array[(select min(l.id) + c.id / 40 % 50 from "Label" l)] where c.id % 40 = 7`,
  `update "Chat" c set "mentionedIds" = array[${AGENT}] where c.id % 80 = 9 and c.id < 80 * ${MENTIONING_CHATS}`,
  `insert into "QuickReply" ("organizationId", shortcut, text)
   select 1, 'shortcut-' || n, 'Good morning' from generate_series(1, 200) n`,
  // Most of them in one chat, many in the longest and in the seventeenth, one in every fifth other.
  `insert into "ChatNote" ("organizationId", "chatId", "agentId", seq, body, "createdAt", "idempotencyKey")
   select 1, c.id, ${AGENT}, c.head + n, 'Called back', now() - interval '1 day', c.id || '-' || n
   from "Chat" c cross join lateral generate_series(1, case when c.id in (1, 17) then 200
     when c.id = ${CHAT_OF_NOTES} then 3000 else (c.id % 5 = 4)::int end) n`,
  `insert into "AuditEntry" ("organizationId", "agentId", "organizationPhoneId", action, detail)
   select 1, ${AGENT}, ${PHONE} + n % 3, 'phone.changed', '{}' from generate_series(1, 2000) n`,
];

const REPORTS = [
  `insert into "Notice" ("organizationId", "organizationPhoneId", "wabaId", field, kind, severity, title, detail, hash, "happenedAt", alarm, "clearedAt")
   select 1, ${PHONE} + n % 3, '123456789012345', null, k.kind, case when n % 10 = 0 then 'critical' else 'info' end, 'Reported',
     k.detail, encode(sha256(convert_to(k.kind || n, 'UTF8')), 'hex'), now() - interval '2 days' + n * interval '1 minute',
     case when n % 10 = 0 then 'seeded:' || k.kind || ':' || n end, case when n % 10 = 0 and n > 100 then now() end
   from generate_series(1, 500) n cross join lateral (values
     ('templateStatus', jsonb_build_object('status', 'PAUSED', 'subject', jsonb_build_object('name', 'other_' || n, 'language', 'en'))),
     ('numberQuality', jsonb_build_object('event', 'ONBOARDING')), ('account', jsonb_build_object('event', 'VERIFIED_ACCOUNT')),
     ('numberCheck', jsonb_build_object('check', 'C02', 'code', 'seeded')),
     ('identity_conflict', jsonb_build_object('contactIds', jsonb_build_array(1000 + n, 1500 + n)))) k(kind, detail)`,
  `update "Notice" n set hash = encode(sha256(convert_to(concat_ws(' ', 'identity_conflict', n.detail->'contactIds'->>0,
     n.detail->'contactIds'->>1), 'UTF8')), 'hex') where n.kind = 'identity_conflict'`,
  `insert into "AlarmDelivery" ("noticeId", event, "nextAttemptAt", "deliveredAt")
   select n.id, e, case when e = 'alarm.cleared' and n."clearedAt" is null then 'infinity'::timestamptz end, now()
   from "Notice" n cross join unnest(array['alarm.raised', 'alarm.cleared']) e where n.alarm is not null`,
  // Of every ten one is of a number that is not known, and one of a known number was never applied.
  `insert into "WebhookEvent" ("organizationId", "phoneNumberId", "wabaId", field, reason, severity, payload, hash, "appliedAt", "receivedAt")
   select case when n % 10 <> 0 then 1 end, case when n % 10 = 0 then (300000000000000 + n % 50)::text else '200000000000101' end,
     '123456789012345', 'account_alerts', case n % 10 when 0 then 'unknown_number' when 1 then 'unreadable_item' end, 'info',
     json_build_object('entry', '[]'::json, 'n', n), encode(sha256(convert_to('event ' || n, 'UTF8')), 'hex'),
     case when n % 10 > 1 then now() end, now() - n * interval '1 minute' from generate_series(1, 3000) n`,
  `insert into "InboundHour" ("organizationPhoneId", hour, slots, "lastAt")
   select p.id, date_trunc('hour', now()) - n * interval '1 hour', 4095, date_trunc('hour', now()) - n * interval '1 hour'
   from "OrganizationPhone" p cross join generate_series(1, 24 * 35) n`,
  `insert into "InboundCursor" ("messageId") select max(id) from "Message"`,
];

const FILES = [
  `insert into "DiscardedObject" ("objectKey") select '1/gone-' || n from generate_series(1, 1000) n`,
  `update "Media" set state = 'pending', attempts = 0, "objectKey" = null, "nextAttemptAt" = now() - interval '1 minute'
   where id in (select m."mediaId" from "Message" m where m."mediaId" is not null and m."chatId" > 100 order by m.id limit 40)`,
  // Statuses that wait for their message.
  `insert into "MessageStatus" ("organizationPhoneId", wamid, status, payload, "recipientPhone", "happenedAt")
   select ${PHONE}, 'wamid.waits.' || n, 'sent', '{}', (79400000000 + n)::text, now() from generate_series(1, 2000) n`,
  `update "Message" set status = 'unconfirmed', "nextAttemptAt" = null where id in (
     select min(id) from "Message" where "fromMe" and "chatId" between 400 and 500 and status = 'read' group by "chatId" limit 60)`,
  `update "Chat" set "lastInboundAt" = now() where id between 400 and 500`,
];

/** A chat of many people, in which every tenth message is ours. */
const GROUP = [
  `insert into "Contact" ("organizationId", "groupId", "savedName", name)
   values (1, current_setting('seed.group'), 'Neighbours', 'Neighbours')`,
  `insert into "Chat" ("organizationId", "organizationPhoneId", "contactId", head)
   select 1, ${PHONE}, id, current_setting('seed.messages')::int from "Contact" where "groupId" is not null`,
  `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, status, sender, "createdAt")
   select ${PHONE}, c.id, n, 'wamid.group.' || n, n % 10 = 0, 'text', 'Hello all', '{}', case when n % 10 = 0 then 'sent' end,
     case when n % 10 > 0 then '7916' || lpad((700 + n % 40)::text, 7, '0') end, now() - interval '1 day' + n * interval '1 minute'
   from "Contact" k join "Chat" c on c."contactId" = k.id cross join generate_series(1, current_setting('seed.messages')::int) n
   where k."groupId" is not null`,
  `insert into "ChatEvent" ("chatId", seq, event, "messageId")
   select m."chatId", m.seq, 'message.created', m.id from "Message" m where m.wamid like 'wamid.group.%'`,
];

/** Those of the longest chats, and the newest. */
const SEARCH = [
  `select index_messages(array(select id from "Message" where "chatId" < 3 or id > (select max(id) - 2000 from "Message")))`,
];
