-- Takes a message for one attempt, under the claim `claim` until `lease`; asked again by the same claim after a lost
-- answer, it says the same. See db/outgoing.ts for what else it may say. The chat's lock keeps two messages of one chat from
-- passing each other: an earlier one that has not had its turn goes first, wherever its sender has got to.
create or replace function claim_message(message int, claim text, at timestamptz, lease timestamptz) returns json language plpgsql
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
