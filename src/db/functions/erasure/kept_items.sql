-- The positions (from 1) of the items of a batch that were not erased; null when none of them was, which is the rule. An item is
-- erased by its wamid, or that of the message it amends; or by a person's id, when it is not newer than the erasure: what Meta
-- delivers again, or a spool still held, must not bring the person back. An item of a group is its author's.
create or replace function kept_items(items json) returns int[] language plpgsql stable
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  kept int[];
begin
  if items is null then return null; end if;
  select array_agg(i.n order by i.n) into kept
  from json_array_elements(items) with ordinality i(item, n)
  left join "OrganizationPhone" p on p."wabaPhoneNumberId" = i.item->>'phoneNumberId'
  where not exists (
    select from "Erasure" e where e."organizationId" = p."organizationId" and e.hash = any(array[
      erasure_hash('wamid', i.item->>'wamid'), case when i.item->>'amends' is not null then erasure_hash('wamid', i.item->>'refersTo') end]))
    and not exists (
    select from "Erasure" e where e."organizationId" = p."organizationId"
      and (coalesce(i.item->>'at', i.item->'change'->>'at'))::timestamptz <= e."erasedAt" and e.hash = any(array[
      erasure_hash('id', i.item->>'phone'), erasure_hash('id', i.item->>'userId'), erasure_hash('id', i.item->>'sender'),
      erasure_hash('id', i.item->'change'->'previous'->>'phone'), erasure_hash('id', i.item->'change'->'previous'->>'userId'),
      erasure_hash('id', i.item->'change'->'current'->>'phone'), erasure_hash('id', i.item->'change'->'current'->>'userId')]));
  return case when coalesce(cardinality(kept), 0) < json_array_length(items) then coalesce(kept, '{}') end;
end $$;
