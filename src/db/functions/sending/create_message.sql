-- Stores a message that is to be sent, before Graph is called (`NewMessage` → `Created` in db/new-messages.ts). One transaction,
-- and safe to repeat: the unique index on the idempotency key decides, under the chat's lock, whether the row is new. The
-- message is `queued`: whatever happens to the request, the Sender finds and sends it. With a `claimId` it is `sending`, claimed until
-- `leaseUntil`, unless an earlier one of the chat has to go first (see `claim_message`). `w` is the request, `f` what it finds.
create or replace function create_message(m json) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  w record; f record; made record;
  chat "Chat";
  refers_to text; answer json; takes bool;
  events "IngestedEvent"[];
begin
  select * into w from json_to_record(m) r("organizationId" int, "organizationPhoneId" int, "agentId" int, "chatId" int, phone text,
    "userId" text, "messageType" text, body text, payload json, content json, "freeText" bool, "seenSeq" int, "isMarketing" bool,
    "replyToMessageId" int, "reactsTo" text, amends text, emoji text, "mediaId" int, "idempotencyKey" text, fingerprint text,
    "createdAt" timestamptz(3), "queueLimit" int, "claimId" text, "leaseUntil" timestamptz(3));
  select p."connectionType" = 'disconnected' "isDisconnected", o."replyTakesChat",
    (select k.id from "Message" k where k."agentId" = w."agentId" and k."idempotencyKey" = w."idempotencyKey") "repeatedId",
    (select q from is_queue_full(p.id, w."queueLimit") q) "isFull",
    coalesce(w."chatId", (select e from existing_chat(p."organizationId", p.id, w.phone, w."userId") e)) "chatId"
    into f from "OrganizationPhone" p join "Organization" o on o.id = p."organizationId"
    where p.id = w."organizationPhoneId" and p."organizationId" = w."organizationId";
  if f."repeatedId" is not null or f."isFull" is null then
    return coalesce(repeated_send(w."agentId", w."idempotencyKey", w.fingerprint), json_build_object('kind', 'no_phone'));
  end if;
  if f."isDisconnected" then return json_build_object('kind', 'phone_disconnected'); end if;
  if f."isFull" then return json_build_object('kind', 'queue_full'); end if;
  if f."chatId" is null then
    f."chatId" := chat_for(w."organizationId", w."organizationPhoneId", contact_for(
      row(null, w."organizationId", w."organizationPhoneId", w.phone, w."userId", null, null, null)::"Sighting", null, true));
  end if;
  -- A client may still show a chat that was merged into another: the message goes to the latter.
  select * into chat from "Chat" c where c.id = coalesce((select d."mergedIntoId" from "Chat" d where d.id = f."chatId"), f."chatId")
    and c."organizationId" = w."organizationId" and c."organizationPhoneId" = w."organizationPhoneId" for no key update of c;
  refers_to := w."reactsTo";
  if w."replyToMessageId" is not null then w."replyToMessageId" := echoed_message(w."replyToMessageId");
    select r.wamid into refers_to from "Message" r where r.id = w."replyToMessageId" and r."chatId" = chat.id
      and r."messageType" <> 'handover';
  end if;
  w."chatId" := f."chatId"; answer := refuse_send(w, chat, refers_to);
  if answer is not null then return answer; end if;
  takes := coalesce(w.amends is null and w."freeText" and chat."assigneeId" is null and chat."lastInboundAt" is not null
    and f."replyTakesChat", false);
  if w."claimId" is not null and exists (select from "Message" b where b."chatId" = chat.id
      and b.status in ('queued', 'sending', 'unknown') and b.status <> 'unknown') then w."claimId" := null; end if;
  with message as (
    insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "refersTo",
      "replyToMessageId", "agentId", "idempotencyKey", fingerprint, "createdAt", content, "mediaId", amends, emoji,
      "claimId", "leaseUntil", attempts)
    values (w."organizationPhoneId", chat.id, chat.head + 1, true, w."messageType", w.body, w.payload, case when w."claimId" is null then 'queued'
      else 'sending' end, refers_to, w."replyToMessageId", w."agentId", w."idempotencyKey", w.fingerprint, w."createdAt", w.content, w."mediaId",
      w.amends, w.emoji, w."claimId", case when w."claimId" is not null then w."leaseUntil" end, (w."claimId" is not null)::int)
    on conflict ("agentId", "idempotencyKey") where "idempotencyKey" is not null do nothing returning id),
  search as (
    insert into "MessageSearch" ("messageId", "organizationId", "createdAt", lexemes)
    select n.id, w."organizationId", w."createdAt", search_lexemes(w."organizationId", w."createdAt", w.body)
    from message n where is_searchable(w.amends, null, w.body)),
  logged as (
    insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId", data) select chat.id, chat.head + 1, 'message.created', n.id,
      w."agentId", case when w."claimId" is not null then own_status('sending', null) end from message n),
  taken as (
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data) select chat.id, chat.head + 2, 'chat.updated', w."agentId",
      jsonb_build_object('activity', 'assigned', 'assigneeId', w."agentId", 'previousAssigneeId', null) from message where takes)
  update "Chat" c set head = chat.head + 1 + takes::int, "updatedAt" = now(),
    "assigneeId" = case when takes then w."agentId" else c."assigneeId" end,
    "lastMessageId" = case when w."createdAt" >= c."lastMessageAt" and w.amends is null then n.id else c."lastMessageId" end,
    "lastMessageAt" = case when w.amends is null then greatest(c."lastMessageAt", w."createdAt") else c."lastMessageAt" end
  from message n where c.id = chat.id returning n.id, c."watchedUntil" > now() or exists (
    select from "Organization" o where o.id = c."organizationId" and o."watchedUntil" > now()) "isWatched" into made;
  if made.id is null then return repeated_send(w."agentId", w."idempotencyKey", w.fingerprint); end if;
  -- A reaction shows at once on its message.
  if w.amends is not null then events := log_updates(amend(array[made.id])); end if;
  events := row(chat.id, chat.head + 1, 'message.created', made.id, true)::"IngestedEvent" || events
    || case when takes then array[row(chat.id, chat.head + 2, 'chat.updated', null, true)::"IngestedEvent"] end;
  return json_build_object('kind', 'created', 'organizationPhoneId', w."organizationPhoneId",
    'message', json_build_object('id', made.id, 'chatId', chat.id), 'committed', case when made."isWatched" then committed(events) end,
    'outgoing', case when w."claimId" is not null then outgoing_json(chat, w."organizationPhoneId", refers_to, 1) end);
end $$;
