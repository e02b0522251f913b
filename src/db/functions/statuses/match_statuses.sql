-- Finds the messages of statuses that have none yet, or another than the one that their tag names: see `message_of`.
create or replace function match_statuses(items "InboundStatus"[]) returns "InboundStatus"[] language plpgsql as $$
begin
  for n in 1..cardinality(items) loop
    continue when items[n]."messageId" = coalesce(items[n].tagged, items[n]."messageId") or items[n]."organizationPhoneId" is null;
    items[n]."messageId" := message_of(items[n]."organizationPhoneId", items[n].wamid, items[n].tagged);
  end loop;
  return items;
end $$;
