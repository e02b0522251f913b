-- The columns of one chat, of its contact, and of its newest message. Inlined like `message_row`.
create or replace function chat_row(c "Chat") returns setof "ChatRow" language sql stable as $$
  select c.id, c."organizationPhoneId", c.head, c."unreadCount", c."lastInboundAt"::timestamptz, c."lastMessageAt"::timestamptz,
    c.status, c."assigneeId", c."mergedIntoId", k.id, k.name, k.phone,
    k."userId", k.username, k."marketingStoppedAt"::timestamptz, k."blockedAt"::timestamptz, l.*
  from "Contact" k
  left join lateral (select r.* from "Message" m cross join lateral message_row(m) r where m.id = c."lastMessageId") l on true
  where k.id = c."contactId"
$$;
