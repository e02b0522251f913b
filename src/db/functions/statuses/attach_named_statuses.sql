-- Messages whose wamid a tagged status has just told: the statuses that waited for that wamid are theirs (the tagged status's
-- event shows them), and so are replies and amendments. Gives the events of the older messages that changed.
create or replace function attach_named_statuses(named int[], events "IngestedEvent"[]) returns "IngestedEvent"[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update "MessageStatus" s set "messageId" = m.id, seq = e.seq
  from (select e."messageId", max(e.seq) seq from unnest(events) e where e."messageId" = any(named) group by 1) e
  join "Message" m on m.id = e."messageId"
  where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = m.wamid and s."messageId" is null;
  return log_updates(amend(named));
end $$;
