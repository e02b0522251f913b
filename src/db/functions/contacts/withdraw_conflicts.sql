-- Removes the notices that contacts of this organization may be one person, where they have been merged into `kept` since: Meta
-- has reported it.
create or replace function withdraw_conflicts(organization int, kept int) returns void language sql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  delete from "Notice" n where n.id in (
      select i.id from unnest(kept || array(select c.id from "Contact" c where c."mergedIntoId" = kept)) person
      cross join lateral (select o.id from "Notice" o where o.kind = 'identity_conflict' and o.detail->'contactIds' @> to_jsonb(person) offset 0) i)
    and n."organizationId" = organization and not exists (
    select from jsonb_array_elements_text(n.detail->'contactIds') w
    where w::int <> kept and not exists (select from "Contact" c where c.id = w::int and c."mergedIntoId" = kept))
$$;
