-- Attaches what waited for a wamid that a tagged status has just revealed: earlier statuses (the tagged status's event shows
-- them), replies and amendments. Returns the events of the older messages that changed.
create or replace function attach_named_statuses(named int[], events "IngestedEvent"[]) returns "IngestedEvent"[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update "MessageStatus" s set "messageId" = m.id, seq = e.seq
  from (select e."messageId", max(e.seq) seq from unnest(events) e where e."messageId" = any(named) group by 1) e
  join "Message" m on m.id = e."messageId"
  where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = m.wamid and s."messageId" is null;
  perform join_known(named);
  return log_updates(amend(named));
end $$;
