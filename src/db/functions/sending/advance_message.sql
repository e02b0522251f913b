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
  m record;
  chat "Chat";
  f record;
  raised text;
  events "IngestedEvent"[];
  meta_id text := accepted->>'wamid';
  new_phone text;
  user_id text := accepted->>'userId';
  published json;
  holder int;
  echo int[];
begin
  -- The same lock as `lock_wamids`: a status of this wamid that arrives at the same time is found here, or finds this.
  if meta_id is not null then
    perform pg_advisory_xact_lock(wamid_lock(o."organizationPhoneId", meta_id)) from "Message" o where o.id = message;
    -- An echo of it may have been faster, and be in another chat.
    select e.id into holder from "Message" e where e.wamid = meta_id and e.id <> message
      and e."organizationPhoneId" = (select o."organizationPhoneId" from "Message" o where o.id = message);
    if holder is not null then perform lock_chats_of(array[message, holder]); end if;
  end if;
  -- A merge may have moved the message to another chat while we waited: then that chat is locked.
  loop
    select * into chat from "Chat" c where c.id = (select o."chatId" from "Message" o where o.id = message) for no key update of c;
    select o.id, o."chatId", o."organizationPhoneId", o.status, o."claimId", o.wamid, o.amends, o."refersTo",
      exists (select from "MessageStatus" s where s."organizationPhoneId" = o."organizationPhoneId" and s.wamid = meta_id
        and s."messageId" is null) "hasStatus",
      exists (select from "Message" r where r."organizationPhoneId" = o."organizationPhoneId" and r."refersTo" = meta_id) "hasReference"
      into m from "Message" o where o.id = message;
    exit when chat.id is not distinct from m."chatId";
  end loop;
  -- Without a row it was erased meanwhile.
  if m.id is null or m."claimId" is distinct from claim or claim is null and not m.status = any(expected) then return null; end if;
  select k.phone, k."userId", k."identifiedAt", greatest(chat."watchedUntil", g."watchedUntil") > now() "isWatched"
    into f from "Contact" k, "Organization" g where k.id = chat."contactId" and g.id = chat."organizationId";
  -- What Meta has accepted is not sent again, whoever has the wamid.
  if holder is not null then echo := release_echo(holder, message); end if;
  raised := case when status_rank(target) > status_rank(m.status) then target else m.status end;
  update "Message" o set status = raised, "messageStatus" = coalesce(accepted->>'messageStatus', o."messageStatus"),
    wamid = coalesce(o.wamid, case when holder is null or echo is not null then meta_id end),
    error = case when raised in ('unknown', 'unconfirmed', 'failed') then coalesce(failure, o.error) end,
    "claimId" = null, "leaseUntil" = null, "nextAttemptAt" = next_attempt
  where o.id = message;
  events := array[log_own_status(chat.id, chat.head + 1, message, target, attempt)];
  if m."hasStatus" or echo is not null then
    update "MessageStatus" s set "messageId" = message, seq = chat.head + 1
    where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = meta_id and s."messageId" is null;
    perform raise_statuses(array[message]);
  end if;
  -- Earlier messages may refer to the wamid; and a failed reaction is removed.
  if m.amends is not null and raised = 'failed'
    or m.wamid is null and meta_id is not null and (m."refersTo" is not null or m."hasReference") then
    events := events || log_updates(amend(array[message]));
  end if;
  if echo is not null then events := events || log_updates(echo); end if;
  if f."isWatched" then published := committed(events); end if;
  -- The ids that we sent to, given back, say nothing new.
  new_phone := nullif(accepted->>'phone', f.phone);
  if new_phone is not null or user_id <> coalesce(f."userId", '') or user_id is not null and f."identifiedAt" > now() then
    perform join_recipient(message, new_phone, user_id, now());
  end if;
  if m.wamid is null and (m."hasStatus" or m."hasReference") then perform join_known(array[message]); end if;
  return json_build_object('committed', published,
    'settled', case when current_setting('waba.identities', true) <> '' then settle_identities() end);
end $$;
