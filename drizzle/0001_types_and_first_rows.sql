-- Room on each page for the next version of a chat's row, which every message writes.
alter table "Chat" set (fillfactor = 70);
--> statement-breakpoint
-- The same for a contact: each message moves the time at which the name was last seen.
alter table "Contact" set (fillfactor = 85);
--> statement-breakpoint
-- One message of a batch of inbound events, at the place `n` (from 1), and what is known of it: null for what is not known.
create type "PlacedMessage" as (
  n int, "organizationId" int, "organizationPhoneId" int, "contactId" int, "chatId" int, "messageId" int, wamid text,
  "fromMe" bool, amends text, "opensWindow" bool, "isHistory" bool, "hasFile" bool, name text, username text, at timestamptz);
--> statement-breakpoint
-- Who was seen outside, by one of our numbers, at what time by Meta's clock; `n`: at which place of a batch.
create type "Sighting" as (
  n int, "organizationId" int, "organizationPhoneId" int, phone text, "userId" text, "parentUserId" text, "groupId" text,
  at timestamptz);
--> statement-breakpoint
-- One status of a batch, at the place `n` (from 1), and what `ingest` finds of it; `tagged`: the id in our own tag.
create type "InboundStatus" as (
  n int, "phoneNumberId" text, wamid text, status text, participant text, tag text, error jsonb, price jsonb,
  conversation jsonb, payload text, at timestamptz, "receivedAt" timestamptz,
  "organizationPhoneId" int, "messageId" int, tagged int);
--> statement-breakpoint
-- One numbered change of a chat; `isNew`: false for one that was stored before and is published again.
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
