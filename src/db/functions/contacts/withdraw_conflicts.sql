-- Removes the notices that contacts of this organization may be one person, where they have been merged into `kept` since: Meta
-- has reported it.
create or replace function withdraw_conflicts(organization int, kept int) returns void language sql as $$
  delete from "Notice" n where n."organizationId" = organization and n.kind = 'identity_conflict' and not exists (
    select from jsonb_array_elements_text(n.detail->'contactIds') w
    where w::int <> kept and not exists (select from "Contact" c where c.id = w::int and c."mergedIntoId" = kept))
$$;
