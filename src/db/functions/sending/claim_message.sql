-- Claims a message for one attempt, under `claim` until `lease`; the same claim again, after a lost answer, gets the same
-- result: what a call of Graph needs (`Outgoing` in db/outgoing.ts), with the number's current credentials. For other results see
-- `Claim` there. The chat's lock keeps two messages of one chat from passing each other: an earlier one that was not attempted
-- yet goes first, whatever its Sender knows; one that is `unknown` was attempted already, and is in the list of statuses because that
-- is the list of the partial index.
create or replace function claim_message(message int, claim text, at timestamptz, lease timestamptz) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  m record;
  chat "Chat";
  event "IngestedEvent";
begin
  -- A merge may have moved the message to another chat while we waited: then that chat is locked.
  loop
    select * into chat from "Chat" c where c.id = (select o."chatId" from "Message" o where o.id = message) for no key update of c;
    select o."chatId", o."organizationPhoneId", o.status, o.wamid, o."messageStatus", o.error, o."claimId", o."leaseUntil", o."nextAttemptAt",
      o.attempts, o."messageType", o.payload, o."refersTo", (select b.id from "Message" b where b."chatId" = o."chatId" and b.id < o.id
        and b.status in ('queued', 'sending', 'unknown') and b.status <> 'unknown' order by b.id limit 1) "earlierId"
      into m from "Message" o where o.id = message;
    exit when chat.id is not distinct from m."chatId";
  end loop;
  if m.status is null or m.status not in ('queued', 'sending') then
    return json_build_object('kind', 'settled', 'status', m.status, 'wamid', m.wamid,
      'messageStatus', m."messageStatus", 'error', m.error);
  end if;
  if m."claimId" is distinct from claim then
    if m."claimId" is not null then
      return json_build_object('kind', 'leased', 'claimId', m."claimId", 'until', rfc3339(m."leaseUntil"));
    end if;
    if m."earlierId" is not null then return json_build_object('kind', 'blocked', 'messageId', m."earlierId"); end if;
    if m."nextAttemptAt" > at then return json_build_object('kind', 'deferred', 'until', rfc3339(m."nextAttemptAt")); end if;
    update "Message" o set status = 'sending', "claimId" = claim, "leaseUntil" = lease, "nextAttemptAt" = null, attempts = o.attempts + 1
    where o.id = message;
    m.attempts := m.attempts + 1;
    event := log_own_status(chat.id, chat.head + 1, message, 'sending', null);
  end if;
  return json_build_object('kind', 'claimed', 'committed', case when event.seq is not null and greatest(chat."watchedUntil",
      (select g."watchedUntil" from "Organization" g where g.id = chat."organizationId")) > now() then committed(array[event]) end,
    'messageType', m."messageType", 'payload', m.payload,
    'outgoing', outgoing_json(chat, m."organizationPhoneId", m."refersTo", m.attempts));
end $$;
