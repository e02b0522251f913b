-- Moves a message up its ladder, as one numbered change of its chat, when it stands where the caller believes it to
-- stand: under the claim `held`, or under none and in one of the states `expected`. A status that a webhook has raised
-- higher meanwhile stays. Null when it stands elsewhere. `attempt` is what Graph answered, for the trace.
create or replace function advance_message(message int, expected text[], held text, target text, meta_id text, failure jsonb,
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
  -- Who waited for the lock of a chat that the message has left meanwhile takes that of the one it is in now.
  loop
    select * into chat from "Chat" c where c.id = m."chatId" for no key update;
    select * into m from "Message" o where o.id = message;
    exit when chat.id is not distinct from m."chatId";
  end loop;
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
    || case when m.wamid is null and meta_id is not null or m.amends is not null and raised = 'failed'
      then log_updates(amend(array[message])) end);
end $$;
