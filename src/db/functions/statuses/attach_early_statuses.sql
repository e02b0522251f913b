-- Attaches to stored echoes the statuses that arrived before them: the echo's own event shows them.
create or replace function attach_early_statuses(fresh int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  claimed int[];
begin
  with done as (
    update "MessageStatus" s set "messageId" = m.id, seq = m.seq from "Message" m
    where m.id = any(fresh) and m."fromMe" and s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = m.wamid
      and s."messageId" is null returning m.id)
  select array_agg(distinct d.id) into claimed from done d;
  if claimed is not null then perform raise_statuses(claimed); end if;
end $$;
