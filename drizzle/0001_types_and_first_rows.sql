-- Room on each page for the next version of a chat's row, which every message writes.
alter table "Chat" set (fillfactor = 70);
--> statement-breakpoint
create type "IngestItem" as (
  pos int, kind text, "phoneNumberId" text, wamid text, "fromMe" bool, phone text, "userId" text, "groupId" text,
  username text, name text, "messageType" text, body text, payload text, "refersTo" text, amends text, emoji text,
  "newBody" text, "opensWindow" bool, status text, participant text, tag text, error jsonb, at timestamptz,
  "receivedAt" timestamptz, "spooledAt" timestamptz,
  -- found out by `ingest`
  "organizationId" int, "organizationPhoneId" int, "contactId" int, "chatId" int, "messageId" int, tagged int,
  content text, sender text, media json, "isHistory" bool, price jsonb, conversation jsonb,
  "parentUserId" text, "identityHash" text, "mediaId" int);
--> statement-breakpoint
create type "IngestedEvent" as (
  "chatId" int, seq int, event text, "messageId" int, "isNew" bool);
--> statement-breakpoint
insert into "Organization" (name) values ('Organization 1');
--> statement-breakpoint
insert into "Epoch" (epoch) values (replace(gen_random_uuid()::text, '-', ''));
--> statement-breakpoint
-- A message as it leaves the database: its row's columns beside those of its file. Made into a `Message` by db/rows.ts.
create type "MessageRow" as (
  id int, "chatId" int, seq int, wamid text, "fromMe" bool, "messageType" text, amends text, body text, payload json,
  content json, "isHistory" bool, status text, error jsonb, "replyToMessageId" int, reactions jsonb, "editedAt" timestamptz,
  "revokedAt" timestamptz, "agentId" int, "createdAt" timestamptz, "receivedAt" timestamptz, "mediaId" int, "mediaState" text,
  "mediaMimeType" text, "mediaFileName" text, "mediaSizeBytes" bigint, "mediaProblem" text, "isAfterInbound" bool);
--> statement-breakpoint
-- A chat as it leaves the database, with its contact and its newest message.
create type "ChatRow" as (
  id int, "organizationPhoneId" int, head int, "unreadCount" int, "lastInboundAt" timestamptz, "lastMessageAt" timestamptz,
  status text, "assigneeId" int, "mergedIntoId" int, "contactId" int, "contactName" text, "contactPhone" text,
  "contactUserId" text, "contactUsername" text, "contactMarketingStoppedAt" timestamptz, "contactBlockedAt" timestamptz,
  last_id int, "last_chatId" int, last_seq int, last_wamid text, "last_fromMe" bool, "last_messageType" text, last_amends text,
  last_body text, last_payload json, last_content json, "last_isHistory" bool, last_status text, last_error jsonb,
  "last_replyToMessageId" int, last_reactions jsonb, "last_editedAt" timestamptz, "last_revokedAt" timestamptz,
  "last_agentId" int, "last_createdAt" timestamptz, "last_receivedAt" timestamptz, "last_mediaId" int, "last_mediaState" text,
  "last_mediaMimeType" text, "last_mediaFileName" text, "last_mediaSizeBytes" bigint, "last_mediaProblem" text,
  "last_isAfterInbound" bool);
