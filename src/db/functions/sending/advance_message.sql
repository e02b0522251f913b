-- Ends an attempt, or the wait for an unknown one: raises a message's status, as one numbered change of its chat, when the
-- message is where the caller expects it: under `claim`, or with a null claim in one of the states `expected`. A higher status
-- that a webhook brought meanwhile stays. `accepted` is Meta's answer to a send, `{wamid, phone, userId, messageStatus}`: whom
-- Meta knows under the address that we sent to is the chat's contact (`join_recipient`). `attempt` is Graph's answer for the trace.
-- Returns what is to be published: `committed` and the joined contacts' `settled`, each null when that is nothing.
create or replace function advance_message(message int, expected text[], claim text, target text, accepted jsonb, failure jsonb,
  next_attempt timestamptz, attempt jsonb) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  m "Message";
  chat "Chat";
  raised text;
  events "IngestedEvent"[];
  meta_id text := accepted->>'wamid';
  published json;
begin
  -- The same lock as `lock_wamids`: a status of this wamid that arrives at the same time is found here, or finds this.
  if meta_id is not null then
    perform pg_advisory_xact_lock(wamid_lock(o."organizationPhoneId", meta_id)) from "Message" o where o.id = message;
  end if;
  -- A merge may have moved the message to another chat while we waited: then that chat is locked.
  loop
    select * into chat from "Chat" c where c.id = (select o."chatId" from "Message" o where o.id = message) for no key update of c;
    select * into m from "Message" o where o.id = message;
    exit when chat.id is not distinct from m."chatId";
  end loop;
  -- Without a row it was erased meanwhile.
  if m.id is null or m."claimId" is distinct from claim or claim is null and not m.status = any(expected) then return null; end if;
  raised := case when status_rank(target) > status_rank(m.status) then target else m.status end;
  update "Message" o set status = raised, wamid = coalesce(o.wamid, meta_id), "messageStatus" = coalesce(accepted->>'messageStatus', o."messageStatus"),
    error = case when raised in ('unknown', 'unconfirmed', 'failed') then coalesce(failure, o.error) end,
    "claimId" = null, "leaseUntil" = null, "nextAttemptAt" = next_attempt
  where o.id = message;
  events := array[log_own_status(chat, message, target, attempt)];
  if meta_id is not null then
    update "MessageStatus" s set "messageId" = message, seq = chat.head + 1
    where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = meta_id and s."messageId" is null;
    if found then perform raise_statuses(array[message]); end if;
  end if;
  -- Earlier messages may refer to the wamid; and a failed reaction is removed.
  if m.amends is not null and raised = 'failed' or m.wamid is null and meta_id is not null and (m."refersTo" is not null or exists (
      select from "Message" r where r."organizationPhoneId" = m."organizationPhoneId" and r."refersTo" = meta_id)) then
    events := events || log_updates(amend(array[message]));
  end if;
  published := committed_if_watched(chat, events);
  if meta_id is not null then
    -- The number that we sent to, given back, says nothing new.
    perform join_recipient(message, nullif(accepted->>'phone', k.phone), accepted->>'userId', now()) from "Contact" k where k.id = chat."contactId";
    if m.wamid is null then perform join_known(array[message]); end if;
  end if;
  return json_build_object('committed', published, 'settled', settle_identities());
end $$;
