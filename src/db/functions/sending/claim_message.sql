-- Claims a message for one attempt, under `claim` until `lease`; the same claim again, after a lost answer, gets the same
-- result. For other results see `Claim` in db/outgoing.ts. The chat's lock keeps two messages of one chat from passing each
-- other: an earlier one that was not attempted yet goes first, whatever its Sender knows.
create or replace function claim_message(message int, claim text, at timestamptz, lease timestamptz) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  m "Message";
  chat "Chat";
  earlier int;
  events "IngestedEvent"[];
begin
  select * into chat from "Chat" c where c.id = (select o."chatId" from "Message" o where o.id = message) for no key update of c;
  select * into m from "Message" o where o.id = message;
  if m.status is null or m.status not in ('queued', 'sending') then
    return json_build_object('kind', 'settled', 'status', m.status, 'wamid', m.wamid,
      'messageStatus', m."messageStatus", 'error', m.error);
  end if;
  if m."claimId" is distinct from claim then
    if m."claimId" is not null then
      return json_build_object('kind', 'leased', 'claimId', m."claimId", 'until', rfc3339(m."leaseUntil"));
    end if;
    earlier := earlier_unsent(m."chatId", m.id);
    if earlier is not null then return json_build_object('kind', 'blocked', 'messageId', earlier); end if;
    if m."nextAttemptAt" > at then return json_build_object('kind', 'deferred', 'until', rfc3339(m."nextAttemptAt")); end if;
    update "Message" o set status = 'sending', "claimId" = claim, "leaseUntil" = lease, "nextAttemptAt" = null, attempts = o.attempts + 1
    where o.id = message;
    m.attempts := m.attempts + 1;
    events := array[log_own_status(chat, message, 'sending', null)];
  end if;
  return json_build_object('kind', 'claimed', 'committed', case when events is not null then committed_if_watched(chat, events) end,
    'outgoing', outgoing_json(m, chat, m.attempts));
end $$;
