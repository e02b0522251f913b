-- Stores a message that is to be sent, before Graph is called (`NewMessage` → `Created` in db/outgoing.ts). One transaction,
-- and safe to repeat: the unique index on the idempotency key decides, under the chat's lock, whether the row is new. The
-- message is `queued`: whatever happens to the request, the Sender finds and sends it. Plans are kept, so the planner must
-- take an index also while a table is small.
create or replace function create_message(m json) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  organization int := m->>'organizationId';
  recipient "Sighting";
  chat "Chat";
  answer json;
  is_full bool;
  is_disconnected bool;
  made int;
  takes bool;
  events "IngestedEvent"[];
begin
  if wanted."idempotencyKey" is not null then
    answer := repeated_send(wanted);
    if answer is not null then return answer; end if;
  end if;
  select exists (select from "Message" q where q."organizationPhoneId" = p.id and q.status in ('queued', 'sending', 'unknown')
      offset (m->>'queueLimit')::int - 1), p."connectionType" = 'disconnected'
    into is_full, is_disconnected from "OrganizationPhone" p where p.id = wanted."organizationPhoneId" and p."organizationId" = organization;
  if is_full is null then return json_build_object('kind', 'no_phone'); end if;
  if is_disconnected then return json_build_object('kind', 'phone_disconnected'); end if;
  if is_full then return json_build_object('kind', 'queue_full'); end if;
  if wanted."chatId" is null then
    wanted."chatId" := existing_chat(organization, wanted."organizationPhoneId", m->>'phone', m->>'userId');
  end if;
  if wanted."chatId" is null then
    recipient."organizationId" := organization;
    recipient."organizationPhoneId" := wanted."organizationPhoneId";
    recipient.phone := m->>'phone';
    recipient."userId" := m->>'userId';
    wanted."chatId" := chat_for(organization, wanted."organizationPhoneId", contact_for(recipient, null, true));
  end if;
  -- A client may still show a chat that was merged into another: the message goes to the latter.
  select * into chat from "Chat" c
    where c.id = coalesce((select d."mergedIntoId" from "Chat" d where d.id = wanted."chatId"), wanted."chatId")
      and c."organizationId" = organization and c."organizationPhoneId" = wanted."organizationPhoneId" for no key update of c;
  if wanted."replyToMessageId" is null then
    wanted."refersTo" := m->>'reactsTo';
  else
    select r.wamid into wanted."refersTo" from "Message" r where r.id = wanted."replyToMessageId" and r."chatId" = chat.id
      and r."messageType" <> 'handover';
  end if;
  answer := refuse_send(m, wanted, chat);
  if answer is not null then return answer; end if;
  insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "refersTo",
    "replyToMessageId", "agentId", "idempotencyKey", fingerprint, "createdAt", content, "mediaId", amends, emoji)
  values (wanted."organizationPhoneId", chat.id, chat.head + 1, true, wanted."messageType", wanted.body, wanted.payload,
    'queued', wanted."refersTo", wanted."replyToMessageId", wanted."agentId",
    wanted."idempotencyKey", wanted.fingerprint, wanted."createdAt", wanted.content, wanted."mediaId", wanted.amends, wanted.emoji)
  on conflict ("agentId", "idempotencyKey") where "idempotencyKey" is not null do nothing returning id into made;
  if made is null then return repeated_send(wanted); end if;
  perform index_messages(array[made]);
  takes := wanted.amends is null and (m->>'freeText')::bool and chat."assigneeId" is null and chat."lastInboundAt" is not null
    and (select o."replyTakesChat" from "Organization" o where o.id = organization);
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  values (chat.id, chat.head + 1, 'message.created', made, wanted."agentId");
  events := array[row(chat.id, chat.head + 1, 'message.created', made, true)::"IngestedEvent"];
  if takes then
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data) values (chat.id, chat.head + 2, 'chat.updated', wanted."agentId",
      jsonb_build_object('activity', 'assigned', 'assigneeId', wanted."agentId", 'previousAssigneeId', null));
    events := events || row(chat.id, chat.head + 2, 'chat.updated', null, true)::"IngestedEvent";
  end if;
  update "Chat" c set head = chat.head + cardinality(events), "updatedAt" = now(),
    "assigneeId" = case when takes then wanted."agentId" else c."assigneeId" end,
    "lastMessageId" = case when wanted."createdAt" >= c."lastMessageAt" and wanted.amends is null then made else c."lastMessageId" end,
    "lastMessageAt" = case when wanted.amends is null then greatest(c."lastMessageAt", wanted."createdAt") else c."lastMessageAt" end
  where c.id = chat.id;
  -- A reaction shows at once on its message.
  if wanted.amends is not null then events := events || log_updates(amend(array[made])); end if;
  return json_build_object('kind', 'created', 'organizationPhoneId', wanted."organizationPhoneId",
    'message', json_build_object('id', made, 'chatId', chat.id), 'committed', committed_if_watched(chat, events));
end $$;
