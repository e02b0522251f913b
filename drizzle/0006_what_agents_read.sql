ALTER TABLE "MessageStatus" ADD COLUMN "payment" jsonb;--> statement-breakpoint
ALTER TABLE "Message" ADD COLUMN "payment" jsonb;--> statement-breakpoint
ALTER TABLE "MarketingChoice" ADD COLUMN "signupId" text;--> statement-breakpoint
ALTER TABLE "Contact" ADD COLUMN "marketingSignupId" text;--> statement-breakpoint
ALTER TYPE "InboundStatus" ADD ATTRIBUTE payment jsonb;
--> statement-breakpoint
-- `isWithinWindow`, where Meta refused a message with 131047: whether the customer had written within the 24 hours before, by
-- our own clock or in the order of arrival; null for all other messages. `callFiles`: the recording and the transcript of a
-- call, of the rows that amend it; null for all other messages.
create or replace view "MessageRow" as
  select m.id, m."chatId", m.seq, m.wamid, m."fromMe", m."messageType", m.amends, m.body, m.content, m."isHistory",
    m.status, m.error, m."replyToMessageId", m.reactions, m."editedAt", m."revokedAt", m."agentId", m."createdAt",
    m."receivedAt", m."mediaId", f.state as "mediaState", f."mimeType" as "mediaMimeType", f."fileName" as "mediaFileName",
    f."sizeBytes" as "mediaSizeBytes", f.problem as "mediaProblem",
    case when m.error->>'code' = 'customer_has_not_written' then exists (
      select from "Message" i where i."chatId" = m."chatId" and not i."fromMe" and i.amends is null
        and i."createdAt" < m."createdAt") end as "isAfterInbound",
    m.payment,
    case when m.error->>'code' = 'customer_has_not_written' then exists (
      select from "Message" i where i."chatId" = m."chatId" and not i."fromMe" and i.amends is null
        and i."createdAt" > m."createdAt" - interval '24 hours' and i."createdAt" < m."createdAt" + interval '1 minute'
        and (i."createdAt" < m."createdAt" or i.seq < m.seq) and i."messageType" <> 'system' and not i."isHistory")
      end as "isWithinWindow",
    case when m."messageType" = 'call' and m.amends is null then (
      select json_agg(json_build_object('kind', case a."messageType" when 'call_recording' then 'recording' else 'transcript' end,
        'id', c.id, 'state', c.state, 'mimeType', c."mimeType", 'fileName', c."fileName", 'sizeBytes', c."sizeBytes",
        'problem', c.problem) order by a."createdAt", a.wamid)
      from "Message" a join "Media" c on c.id = a."mediaId"
      where a."refersTo" = m.wamid and a."organizationPhoneId" = m."organizationPhoneId" and a.amends = 'call') end as "callFiles"
  from "Message" m left join "Media" f on f.id = m."mediaId";
--> statement-breakpoint
create or replace view "ChatRow" as
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
    l."mediaProblem" as "last_mediaProblem", l."isAfterInbound" as "last_isAfterInbound", l.payment as last_payment,
    l."isWithinWindow" as "last_isWithinWindow", l."callFiles" as "last_callFiles",
    k."marketingSignupId" as "contactMarketingSignupId"
  from "Chat" c join "Contact" k on k.id = c."contactId" left join "MessageRow" l on l.id = c."lastMessageId";
