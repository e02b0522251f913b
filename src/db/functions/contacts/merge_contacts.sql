-- Merges two contacts on an admin's request. Returns `no_contact`, `not_mergeable`, or `merged` with the merge's id.
create or replace function merge_contacts(organization int, a int, b int, agent int) returns json language plpgsql set lock_timeout = '2s'
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  merge int;
begin
  perform from "Contact" c where c.id in (a, b) and c."organizationId" = organization order by c.id for update;
  if (select count(*) from "Contact" c where c.id in (a, b) and c."organizationId" = organization) < cardinality(array(select distinct unnest(array[a, b]))) then
    return json_build_object('kind', 'no_contact', 'contactId', (select w from unnest(array[a, b]) w where not exists (
      select from "Contact" c where c.id = w and c."organizationId" = organization) limit 1));
  end if;
  if exists (select from "Contact" c where c.id in (a, b) and c."groupId" is not null) then return '{"kind": "not_mergeable"}'; end if;
  merge := merge_pair(a, b, agent);
  if merge is null then return '{"kind": "not_mergeable"}'; end if;
  return json_build_object('kind', 'merged', 'mergeId', merge, 'contactId', least(a, b), 'otherContactId', greatest(a, b),
    'committed', settle_identities()->'committed');
end $$;
