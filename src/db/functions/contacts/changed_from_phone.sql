-- The contact whose change from a phone was reported by that phone alone, and so is the person who had it last before the change: who
-- was seen with it and this user id at this time, or changed to it then (no user id). Null where there is none, or another user id
-- was seen with it in between.
create or replace function changed_from_phone(organization int, seen_phone text, seen_user_id text, seen timestamptz) returns int language plpgsql stable as $$
declare
  person int;
  changed_at timestamptz;
begin
  if seen_phone is null then return null; end if;
  select coalesce(c."mergedIntoId", c.id), r.at into person, changed_at from "IdentityReport" r join "Contact" c on c.id = r."contactId"
  where r.report->'previous'->>'phone' = seen_phone and not r.report->'previous' ? 'userId' and r.report->'current' ? 'phone' and r.at >= seen
    and c."organizationId" = organization order by r.at, r.id limit 1;
  if exists (select from "IdentityReport" r join "Contact" c on c.id = r."contactId" and c."organizationId" = organization
    where r.report->>'phone' = seen_phone and r.report->>'userId' is distinct from seen_user_id and r.report ? 'userId' and r.at > seen and r.at <= changed_at) then return null; end if;
  return person;
end $$;
