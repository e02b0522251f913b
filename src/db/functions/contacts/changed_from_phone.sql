-- The contact whose change from a phone was reported by that phone alone, and so is the person who was seen with it last before the
-- change, with this user id at this time: null where there is none, or another user id was seen with it later.
create or replace function changed_from_phone(organization int, seen_phone text, seen_user_id text, seen timestamptz) returns int language plpgsql stable as $$
declare
  person int;
  changed_at timestamptz;
begin
  if seen_phone is null or seen_user_id is null then return null; end if;
  select coalesce(c."mergedIntoId", c.id), r.at into person, changed_at from "IdentityReport" r join "Contact" c on c.id = r."contactId"
  where r.report->'previous'->>'phone' = seen_phone and not r.report->'previous' ? 'userId' and r.report->'current' ? 'phone' and r.at >= seen
    and c."organizationId" = organization order by r.at, r.id limit 1;
  if exists (select from "IdentityReport" r join "Contact" c on c.id = r."contactId" and c."organizationId" = organization
    where r.report->>'phone' = seen_phone and r.report->>'userId' <> seen_user_id and r.at > seen and r.at <= changed_at) then return null; end if;
  return person;
end $$;
