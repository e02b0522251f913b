ALTER TABLE "Chat" ADD COLUMN "mentionedIds" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "Chat_mentionedIds_idx" ON "Chat" USING gin ("mentionedIds") WHERE "mentionedIds" <> '{}';
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
    k."marketingSignupId" as "contactMarketingSignupId", k."profileName" as "contactProfileName",
    k."groupId" as "contactGroupId", l."messageStatus" as "last_messageStatus", c."snoozedUntil", c."labelIds",
    l."idempotencyKey" as "last_idempotencyKey", l."agentSub" as "last_agentSub", l."agentName" as "last_agentName",
    c."mentionedIds"
  from "Chat" c join "Contact" k on k.id = c."contactId" left join "MessageRow" l on l.id = c."lastMessageId";
