-- Finds the messages of statuses that have none yet, or one that is no agent's, such as an echo that may have lost the wamid since: see
-- `message_of`.
create or replace function match_statuses(items "InboundStatus"[]) returns "InboundStatus"[] language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  n int;
begin
  foreach n in array array(select i.ordinality from unnest(items) with ordinality i where i."organizationPhoneId" is not null
    and (select m."agentId" from "Message" m where m.id = i."messageId") is null) loop
    items[n]."messageId" := message_of(items[n]."organizationPhoneId", items[n].wamid, items[n].tagged);
  end loop;
  return items;
end $$;
