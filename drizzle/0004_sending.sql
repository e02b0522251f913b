-- What goes out. Each function is one transaction, and safe to repeat: see db/outgoing.ts for what goes in and comes out.

-- Writes down a message that is to be sent, before anybody is asked to send it. Its idempotency key is decided by the
-- unique index in this transaction; under the chat's lock a number is taken only when the row is really new.
create function create_message(m json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  recipient "IngestItem" := json_populate_record(null::"IngestItem", m);
  old "Message";
  chat "Chat";
  made int;
begin
  select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
  if old.id is not null then
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint, 'message', message_json(old));
  end if;
  perform from "OrganizationPhone" p where p.id = wanted."organizationPhoneId" and p."organizationId" = recipient."organizationId";
  if not found then return json_build_object('kind', 'no_phone'); end if;
  perform from "Message" q where q."organizationPhoneId" = wanted."organizationPhoneId" and q.status in ('queued', 'sending', 'unknown')
    order by q.id offset (m->>'queueLimit')::int - 1 limit 1;
  if found then return json_build_object('kind', 'queue_full'); end if;
  if wanted."chatId" is null then
    wanted."chatId" := chat_for(recipient."organizationId", wanted."organizationPhoneId", contact_for(recipient));
  end if;
  select * into chat from "Chat" c where c.id = wanted."chatId" and c."organizationId" = recipient."organizationId"
    and c."organizationPhoneId" = wanted."organizationPhoneId" for no key update;
  if chat.id is null then return json_build_object('kind', 'no_chat'); end if;
  if (m->>'freeText')::bool and chat."lastInboundAt" + interval '24 hours' <= wanted."createdAt" then
    return json_build_object('kind', 'window_closed', 'chatId', chat.id, 'lastInboundAt', rfc3339(chat."lastInboundAt"));
  end if;
  if wanted."replyToMessageId" is not null then
    select r.wamid into wanted."refersTo" from "Message" r where r.id = wanted."replyToMessageId" and r."chatId" = chat.id;
    if wanted."refersTo" is null then return json_build_object('kind', 'no_reply_target'); end if;
  end if;
  insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "refersTo",
    "replyToMessageId", "agentId", "idempotencyKey", fingerprint, "createdAt")
  values (wanted."organizationPhoneId", chat.id, chat.head + 1, true, wanted."messageType", wanted.body, wanted.payload, 'queued',
    wanted."refersTo", wanted."replyToMessageId", wanted."agentId", wanted."idempotencyKey", wanted.fingerprint, wanted."createdAt")
  on conflict ("agentId", "idempotencyKey") where "idempotencyKey" is not null do nothing returning id into made;
  if made is null then
    select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint, 'message', message_json(old));
  end if;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  values (chat.id, chat.head + 1, 'message.created', made, wanted."agentId");
  update "Chat" c set head = chat.head + 1, "updatedAt" = now(),
    "lastMessageId" = case when wanted."createdAt" >= c."lastMessageAt" then made else c."lastMessageId" end,
    "lastMessageAt" = greatest(c."lastMessageAt", wanted."createdAt") where c.id = chat.id;
  return json_build_object('kind', 'created', 'organizationPhoneId', wanted."organizationPhoneId",
    'message', (select message_json(n) from "Message" n where n.id = made),
    'committed', committed(array[row(chat.id, chat.head + 1, 'message.created', made, true)::"IngestedEvent"]));
end $$;
--> statement-breakpoint
-- Moves a message up its ladder, as one numbered change of its chat, when it stands where the caller believes it to
-- stand: under the claim `held`, or under none and in one of the states `expected`. A status that a webhook has raised
-- higher meanwhile stays. Null when it stands elsewhere. `attempt` is what Graph answered, for the trace.
create function advance_message(message int, expected text[], held text, target text, meta_id text, failure jsonb,
  claim text, lease timestamptz, next_attempt timestamptz, attempt jsonb default null) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  m "Message";
  chat "Chat";
  raised text;
begin
  select * into m from "Message" o where o.id = message;
  -- The lock that a status waiting for this wamid takes too: whichever comes second finds the other.
  if meta_id is not null then
    perform pg_advisory_xact_lock(hashtextextended(concat(m."organizationPhoneId", ' ', meta_id), 0));
  end if;
  select * into chat from "Chat" c where c.id = m."chatId" for no key update;
  select * into m from "Message" o where o.id = message;
  if m."claimId" is distinct from held or held is null and not m.status = any(expected) then return null; end if;
  raised := case when status_rank(target) > status_rank(m.status) then target else m.status end;
  update "Message" o set status = raised, wamid = coalesce(o.wamid, meta_id), error = case when raised = 'failed' then coalesce(failure, o.error) end,
    "claimId" = claim, "leaseUntil" = lease, "nextAttemptAt" = next_attempt, attempts = o.attempts + (claim is not null)::int
  where o.id = message;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", data)
  values (chat.id, chat.head + 1, 'message.updated', message, 
    jsonb_build_object('status', target, 'at', rfc3339(now()), 'by', 'us', 'attempt', attempt));
  update "Chat" c set head = chat.head + 1 where c.id = chat.id;
  update "MessageStatus" s set "messageId" = message, seq = chat.head + 1
  where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = meta_id and s."messageId" is null;
  if found then perform raise_statuses(array[message]); end if;
  return committed(array[row(chat.id, chat.head + 1, 'message.updated', message, true)::"IngestedEvent"]
    || case when m.wamid is null and meta_id is not null then log_updates(amend(array[message])) end);
end $$;
--> statement-breakpoint
-- Takes a message for one attempt, under the claim `claim` until `lease`; asked again by the same claim after a lost
-- answer, it says the same. See db/outgoing.ts for what else it may say. The chat's lock keeps two messages of one chat from
-- passing each other: an earlier one that has not had its turn goes first, wherever its sender has got to.
create function claim_message(message int, claim text, at timestamptz, lease timestamptz) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  m "Message";
  earlier int;
  changed json;
begin
  perform from "Chat" c where c.id = (select o."chatId" from "Message" o where o.id = message) for no key update;
  select * into m from "Message" o where o.id = message;
  if m.status is null or m.status not in ('queued', 'sending') then
    return json_build_object('kind', 'gone', 'status', m.status, 'wamid', m.wamid, 'error', m.error);
  end if;
  if m."claimId" is distinct from claim then
    if m."claimId" is not null then
      return json_build_object('kind', 'held', 'claimId', m."claimId", 'until', rfc3339(m."leaseUntil"));
    end if;
    select o.id into earlier from "Message" o where o."organizationPhoneId" = m."organizationPhoneId" and o.id < m.id
      and o.status in ('queued', 'sending', 'unknown') and o.status <> 'unknown' and o."chatId" = m."chatId" order by o.id limit 1;
    if earlier is not null then return json_build_object('kind', 'behind', 'messageId', earlier); end if;
    if m."nextAttemptAt" > at then return json_build_object('kind', 'waits', 'until', rfc3339(m."nextAttemptAt")); end if;
    changed := advance_message(message, '{queued,sending}', null, 'sending', null, null, claim, lease, null, null);
  end if;
  return (select json_build_object('kind', 'claimed', 'committed', changed, 'outgoing', json_build_object('chatId', o."chatId",
      'messageType', o."messageType", 'payload', o.payload, 'replyToWamid', o."refersTo", 'epoch', (select e.epoch from "Epoch" e),
      'phone', k.phone, 'userId', k."userId", 'groupId', k."groupId", 'attempts', o.attempts, 'hasWritten', c."lastInboundAt" is not null))
    from "Message" o join "Chat" c on c.id = o."chatId" join "Contact" k on k.id = c."contactId" where o.id = message);
end $$;
--> statement-breakpoint
-- What an agent decided about a message of ours whose fate nobody knows, or that has failed: kept in the chat's log, which
-- no later status rewrites; and in its error, until a status tells better. The caller holds the chat's lock.
create function decide_message(message int, decision jsonb, said jsonb, agent int) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_column
declare
  event "IngestedEvent";
begin
  update "Message" o set error = coalesce(o.error, '{"metaCode": null, "detail": null, "fbtraceId": null}') || said where o.id = message;
  update "Chat" c set head = c.head + 1 from "Message" o where o.id = message and c.id = o."chatId" returning c.id, c.head into event."chatId", event.seq;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId", data)
  values (event."chatId", event.seq, 'message.updated', message, agent, decision);
  event.event := 'message.updated'; event."messageId" := message; event."isNew" := true;
  return event;
end $$;
--> statement-breakpoint
-- The decision that was taken before: `{"resentAs": id}`, `{"discarded": true}`, or null.
create function decision_on(m "Message") returns jsonb language sql stable as $$
  select e.data from "ChatEvent" e where e."chatId" = m."chatId" and e.seq > m.seq and e."messageId" = m.id
    and (e.data ? 'resentAs' or e.data ? 'discarded') limit 1
$$;
--> statement-breakpoint
-- Sends a message again as a new one, once: only where nobody knows what became of it, or it has failed for one of the
-- reasons `mendable`. Says what `create_message` says, or `no_message`, or `not_open`.
create function resend_message(m json, original int, mendable text[], said jsonb) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  o "Message";
  made json;
  head int;
  isKnown bool;
begin
  perform from "Chat" c where c.id = (select b."chatId" from "Message" b where b.id = original)
    and c."organizationId" = (m->>'organizationId')::int for no key update;
  if not found then return json_build_object('kind', 'no_message'); end if;
  select * into o from "Message" b where b.id = original;
  if not o."fromMe" or o.status is null then return json_build_object('kind', 'no_message'); end if;
  isKnown := exists (select from "Message" k where k."agentId" = wanted."agentId" and k."idempotencyKey" = wanted."idempotencyKey");
  if not isKnown and (decision_on(o) is not null
      or not (o.status = 'unconfirmed' or o.status = 'failed' and coalesce(o.error->>'code', '') = any(mendable))) then
    return json_build_object('kind', 'not_open', 'status', o.status);
  end if;
  made := create_message(json_build_object('organizationId', m->'organizationId', 'organizationPhoneId', o."organizationPhoneId",
    'agentId', wanted."agentId", 'chatId', o."chatId", 'messageType', o."messageType", 'body', o.body, 'payload', o.payload,
    'freeText', o."messageType" <> 'template', 'replyToMessageId', o."replyToMessageId", 'idempotencyKey', wanted."idempotencyKey",
    'fingerprint', wanted.fingerprint, 'createdAt', m->'createdAt', 'queueLimit', m->'queueLimit'));
  if made->>'kind' <> 'created' then return made; end if;
  select c.head into head from "Chat" c where c.id = o."chatId";
  return json_build_object('kind', 'created', 'organizationPhoneId', o."organizationPhoneId", 'message', made->'message', 'committed', committed(array[
    row(o."chatId", head, 'message.created', (made->'message'->>'id')::int, true)::"IngestedEvent",
    decide_message(original, jsonb_build_object('resentAs', (made->'message'->>'id')::int), said, wanted."agentId")]));
end $$;
--> statement-breakpoint
-- Ends the waiting for a message that nobody knows of. Says `no_message`, `not_open`, or `discarded` with the row; a second
-- time the same, and nothing is changed.
create function discard_message(original int, organization int, agent int, said jsonb) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  o "Message";
  decided jsonb;
  events "IngestedEvent"[] := '{}';
begin
  perform from "Chat" c where c.id = (select b."chatId" from "Message" b where b.id = original) and c."organizationId" = organization
    for no key update;
  if not found then return json_build_object('kind', 'no_message'); end if;
  select * into o from "Message" b where b.id = original;
  if not o."fromMe" or o.status is null then return json_build_object('kind', 'no_message'); end if;
  decided := decision_on(o);
  if decided is null and o.status = 'unconfirmed' then
    events := array[decide_message(original, '{"discarded": true}', said, agent)];
  elsif not coalesce(decided ? 'discarded', false) then
    return json_build_object('kind', 'not_open', 'status', o.status);
  end if;
  return json_build_object('kind', 'discarded', 'committed', committed(events),
    'message', (select message_json(b) from "Message" b where b.id = original));
end $$;
--> statement-breakpoint
-- Marks a chat as read by the team, up to the event `up_to` (null: all there is). Null when there is no such chat.
create function mark_read(organization int, chat int, up_to int, agent int) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  c "Chat";
  unread int;
  events "IngestedEvent"[] := '{}';
  newest text;
begin
  select * into c from "Chat" o where o.id = chat and o."organizationId" = organization for no key update;
  if c.id is null then return null; end if;
  select count(*) into unread from "ChatEvent" e join "Message" m on m.id = e."messageId"
  where e."chatId" = chat and e.seq > up_to and e.event = 'message.created' and not m."fromMe" and m.amends is null;
  if unread < c."unreadCount" then
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data)
    values (chat, c.head + 1, 'chat.updated', agent, jsonb_build_object('unreadCount', unread));
    update "Chat" o set head = c.head + 1, "unreadCount" = unread where o.id = chat;
    events := array[row(chat, c.head + 1, 'chat.updated', null, true)::"IngestedEvent"];
    select m.wamid into newest from "Message" m where m."chatId" = chat and not m."fromMe" and m.amends is null and m.wamid is not null
      and (up_to is null or m.seq <= up_to) order by m."createdAt" desc, m.seq desc limit 1;
  end if;
  return json_build_object('committed', committed(events), 'organizationPhoneId', c."organizationPhoneId", 'newestWamid', newest);
end $$;
