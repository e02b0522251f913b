-- Room on each page for the next version of a chat's row, which every message writes.
alter table "Chat" set (fillfactor = 70);
--> statement-breakpoint
-- The same for a contact: each message updates the time when its name was last seen.
alter table "Contact" set (fillfactor = 85);
--> statement-breakpoint
-- One message of a batch of inbound events, at the position `n` (from 1), and what was resolved of it: null for what was not.
create type "PlacedMessage" as (
  n int, "organizationId" int, "organizationPhoneId" int, "contactId" int, "chatId" int, "messageId" int, wamid text,
  "fromMe" bool, amends text, "opensServiceWindow" bool, "isHistory" bool, "hasFile" bool, name text, username text, at timestamptz);
--> statement-breakpoint
-- A person or group seen by a business number, and when by Meta's clock; `n`: the position in a batch.
create type "Sighting" as (
  n int, "organizationId" int, "organizationPhoneId" int, phone text, "userId" text, "parentUserId" text, "groupId" text,
  at timestamptz);
--> statement-breakpoint
-- One status of a batch, at the position `n` (from 1), and what `ingest` resolves of it; `tagged`: the id in our own tag.
create type "InboundStatus" as (
  n int, "phoneNumberId" text, wamid text, status text, participant text, tag text, error jsonb, price jsonb,
  conversation jsonb, payload text, at timestamptz, "receivedAt" timestamptz,
  "organizationPhoneId" int, "messageId" int, tagged int);
--> statement-breakpoint
-- One numbered change of a chat; `isNew`: false when it was already stored and is published again.
create type "IngestedEvent" as (
  "chatId" int, seq int, event text, "messageId" int, "isNew" bool);
--> statement-breakpoint
insert into "Organization" (name) values ('Organization 1');
--> statement-breakpoint
insert into "Epoch" (epoch) values (replace(gen_random_uuid()::text, '-', ''));
--> statement-breakpoint
-- A message as it leaves the database: the columns of its row and of its file, without `payload`, which is as large as all
-- others together and seldom read. db/rows.ts maps it to a `Message`.
-- `isAfterInbound` distinguishes the two reasons behind Meta's code 131047: the customer service window has closed, or the
-- customer has never written. It is computed when the row is read, since events arrive in any order; null for all other messages.
create view "MessageRow" as
  select m.id, m."chatId", m.seq, m.wamid, m."fromMe", m."messageType", m.amends, m.body, m.content, m."isHistory",
    m.status, m.error, m."replyToMessageId", m.reactions, m."editedAt", m."revokedAt", m."agentId", m."createdAt",
    m."receivedAt", m."mediaId", f.state as "mediaState", f."mimeType" as "mediaMimeType", f."fileName" as "mediaFileName",
    f."sizeBytes" as "mediaSizeBytes", f.problem as "mediaProblem",
    case when m.error->>'code' = 'customer_has_not_written' then exists (
      select from "Message" i where i."chatId" = m."chatId" and not i."fromMe" and i.amends is null
        and i."createdAt" < m."createdAt") end as "isAfterInbound"
  from "Message" m left join "Media" f on f.id = m."mediaId";
--> statement-breakpoint
-- A chat as it leaves the database, with its contact and its newest message. db/rows.ts maps it to a `Chat`.
create view "ChatRow" as
  select c.id, c."organizationId", c."organizationPhoneId", c.head, c."unreadCount", c."lastInboundAt", c."lastMessageAt",
    c.status, c."assigneeId", c."mergedIntoId", c."contactId", k.name as "contactName", k.phone as "contactPhone",
    k."userId" as "contactUserId", k.username as "contactUsername", k."marketingStoppedAt" as "contactMarketingStoppedAt",
    k."blockedAt" as "contactBlockedAt", l.id as last_id, l."chatId" as "last_chatId", l.seq as last_seq,
    l.wamid as last_wamid, l."fromMe" as "last_fromMe", l."messageType" as "last_messageType", l.amends as last_amends,
    l.body as last_body, l.content as last_content, l."isHistory" as "last_isHistory",
    l.status as last_status, l.error as last_error, l."replyToMessageId" as "last_replyToMessageId",
    l.reactions as last_reactions, l."editedAt" as "last_editedAt", l."revokedAt" as "last_revokedAt",
    l."agentId" as "last_agentId", l."createdAt" as "last_createdAt", l."receivedAt" as "last_receivedAt",
    l."mediaId" as "last_mediaId", l."mediaState" as "last_mediaState", l."mediaMimeType" as "last_mediaMimeType",
    l."mediaFileName" as "last_mediaFileName", l."mediaSizeBytes" as "last_mediaSizeBytes",
    l."mediaProblem" as "last_mediaProblem", l."isAfterInbound" as "last_isAfterInbound"
  from "Chat" c join "Contact" k on k.id = c."contactId" left join "MessageRow" l on l.id = c."lastMessageId";
