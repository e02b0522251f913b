-- Rows as the API, the sockets and the event log show them. One place makes them, so that an event and a fresh load
-- cannot differ. `json` throughout: `jsonb` refuses what customers may write (U+0000, lone surrogates).
create function rfc3339(moment timestamptz) returns text language sql stable as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
--> statement-breakpoint
-- Meta refuses free text with one code, whether the customer is silent for 24 hours or has never written at all. Which of
-- the two it was is told when the row is read: events come in any order, and the words must not depend on it. The words
-- are those of whatsapp/graph-error-words.ts.
create function error_json(m "Message") returns jsonb language sql stable as $$
  select case when m.error->>'code' = 'customer_has_not_written' and exists (
      select from "Message" i where i."chatId" = m."chatId" and i."createdAt" < m."createdAt" and not i."fromMe")
    then m.error || '{"code": "window_closed", "title": "24 hours have passed since the customer''s last message",
      "advice": "Send a template, or wait until the customer writes."}' else m.error end
$$;
--> statement-breakpoint
create function message_json(m "Message") returns json language sql stable as $$
  select json_build_object(
    'id', m.id, 'chatId', m."chatId", 'seq', m.seq, 'wamid', m.wamid, 'fromMe', m."fromMe",
    'messageType', m."messageType", 'amends', m.amends, 'body', m.body,
    -- What was revoked is not to be read any more.
    'payload', case when m."revokedAt" is null then m.payload end,
    'status', m.status, 'error', error_json(m), 'replyToMessageId', m."replyToMessageId", 'reactions', m.reactions,
    'editedAt', rfc3339(m."editedAt"), 'revokedAt', rfc3339(m."revokedAt"), 'agentId', m."agentId",
    'createdAt', rfc3339(m."createdAt"), 'receivedAt', rfc3339(m."receivedAt"))
$$;
--> statement-breakpoint
create function chat_json(c "Chat") returns json language sql stable as $$
  select json_build_object(
    'id', c.id, 'organizationPhoneId', c."organizationPhoneId",
    'contact', (select json_build_object('id', p.id, 'name', p.name, 'phone', p.phone, 'userId', p."userId",
                                         'username', p.username) from "Contact" p where p.id = c."contactId"),
    'head', c.head, 'unreadCount', c."unreadCount",
    'lastMessage', (select message_json(m) from "Message" m where m.id = c."lastMessageId"),
    'windowExpiresAt', rfc3339(c."lastInboundAt" + interval '24 hours'),
    'status', c.status, 'assigneeId', c."assigneeId")
$$;
--> statement-breakpoint
-- The event with the row it changed, as that row is now.
create function event_json(e "ChatEvent") returns json language sql stable as $$
  select case when e."messageId" is null
    then json_build_object('chatId', e."chatId", 'seq', e.seq, 'event', e.event,
                           'chat', (select chat_json(c) from "Chat" c where c.id = e."chatId"))
    else json_build_object('chatId', e."chatId", 'seq', e.seq, 'event', e.event,
                           'message', (select message_json(m) from "Message" m where m.id = e."messageId")) end
$$;
