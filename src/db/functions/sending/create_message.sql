-- What goes out. Each function is one transaction, and safe to repeat: see db/outgoing.ts for what goes in and comes out.

-- Writes down a message that is to be sent, before anybody is asked to send it. Its idempotency key is decided by the
-- unique index in this transaction; under the chat's lock a number is taken only when the row is really new.
create or replace function create_message(m json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  recipient "Sighting" := json_populate_record(null::"Sighting", m);
  old "Message";
  chat "Chat";
  made int;
  refused text;
begin
  select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
  if old.id is not null then
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint,
      'organizationPhoneId', old."organizationPhoneId", 'message', (select to_json(r) from message_row(old) r));
  end if;
  perform from "OrganizationPhone" p where p.id = wanted."organizationPhoneId" and p."organizationId" = recipient."organizationId";
  if not found then return json_build_object('kind', 'no_phone'); end if;
  perform from "Message" q where q."organizationPhoneId" = wanted."organizationPhoneId" and q.status in ('queued', 'sending', 'unknown')
    order by q.id offset (m->>'queueLimit')::int - 1 limit 1;
  if found then return json_build_object('kind', 'queue_full'); end if;
  if wanted."chatId" is null then
    wanted."chatId" := chat_for(recipient."organizationId", wanted."organizationPhoneId", contact_for(recipient));
  end if;
  -- Whoever still shows a chat that has been taken over by another writes to that one.
  wanted."chatId" := coalesce((select c."mergedIntoId" from "Chat" c where c.id = wanted."chatId"), wanted."chatId");
  select * into chat from "Chat" c where c.id = wanted."chatId" and c."organizationId" = recipient."organizationId"
    and c."organizationPhoneId" = wanted."organizationPhoneId" for no key update;
  if chat.id is null then return json_build_object('kind', 'no_chat'); end if;
  if (m->>'freeText')::bool and chat."lastInboundAt" + interval '24 hours' <= wanted."createdAt" then
    return json_build_object('kind', 'window_closed', 'chatId', chat.id, 'lastInboundAt', rfc3339(chat."lastInboundAt"));
  end if;
  select rfc3339(k."marketingStoppedAt") into refused from "Contact" k where k.id = chat."contactId" and (m->>'isMarketing')::bool;
  if refused is not null then
    return json_build_object('kind', 'marketing_stopped', 'chatId', chat.id, 'stoppedAt', refused);
  end if;
  if wanted."replyToMessageId" is not null then
    select r.wamid into wanted."refersTo" from "Message" r where r.id = wanted."replyToMessageId" and r."chatId" = chat.id;
    if wanted."refersTo" is null then return json_build_object('kind', 'no_reply_target'); end if;
  end if;
  if m->>'reactsTo' is not null and not exists (select from "Message" r where r."organizationPhoneId" = wanted."organizationPhoneId"
      and r.wamid = m->>'reactsTo' and r."chatId" = chat.id) then
    return json_build_object('kind', 'no_reaction_target');
  end if;
  insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "refersTo",
    "replyToMessageId", "agentId", "idempotencyKey", fingerprint, "createdAt", content, "mediaId", amends, emoji)
  values (wanted."organizationPhoneId", chat.id, chat.head + 1, true, wanted."messageType", wanted.body, wanted.payload, 'queued',
    coalesce(wanted."refersTo", m->>'reactsTo'), wanted."replyToMessageId", wanted."agentId", wanted."idempotencyKey", wanted.fingerprint,
    wanted."createdAt", wanted.content, wanted."mediaId", wanted.amends, wanted.emoji)
  on conflict ("agentId", "idempotencyKey") where "idempotencyKey" is not null do nothing returning id into made;
  if made is null then
    select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint,
      'organizationPhoneId', old."organizationPhoneId", 'message', (select to_json(r) from message_row(old) r));
  end if;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  values (chat.id, chat.head + 1, 'message.created', made, wanted."agentId");
  update "Chat" c set head = chat.head + 1, "updatedAt" = now(),
    "lastMessageId" = case when wanted."createdAt" >= c."lastMessageAt" and wanted.amends is null then made else c."lastMessageId" end,
    "lastMessageAt" = case when wanted.amends is null then greatest(c."lastMessageAt", wanted."createdAt") else c."lastMessageAt" end
  where c.id = chat.id;
  return json_build_object('kind', 'created', 'organizationPhoneId', wanted."organizationPhoneId",
    'message', (select to_json(r) from "Message" n cross join lateral message_row(n) r where n.id = made),
    'committed', committed(array[row(chat.id, chat.head + 1, 'message.created', made, true)::"IngestedEvent"]
      -- A reaction shows at once on what it is for.
      || case when wanted.amends is not null then log_updates(amend(array[made])) end));
end $$;
