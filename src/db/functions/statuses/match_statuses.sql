-- Finds the messages of statuses that have none yet: by Meta's id, or by our own tag while Meta's id is not known.
create or replace function match_statuses(items "InboundStatus"[]) returns "InboundStatus"[] language plpgsql as $$
begin
  for n in 1..cardinality(items) loop
    continue when items[n]."messageId" is not null or items[n]."organizationPhoneId" is null;
    items[n]."messageId" := message_of(items[n]."organizationPhoneId", items[n].wamid, items[n].tagged);
  end loop;
  return items;
end $$;
