-- Records the people of messages whose ids the plain look-up ignores, because of the id that a person has over all portfolios of a
-- managed business; and the members of groups who wrote, with their names. `[{phoneNumberId, phone, userId, parentUserId, name,
-- at}]`.
create or replace function record_sightings(people json) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen record;
  sighting "Sighting";
  contact int;
  old "Contact";
begin
  for seen in
    select r.*, p.id "organizationPhoneId", p."organizationId"
    from json_to_recordset(people) r("phoneNumberId" text, phone text, "userId" text, "parentUserId" text, name text,
      at timestamptz)
    join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    where not exists (select from "Contact" c where c."organizationId" = p."organizationId" and c."userId" = r."userId"
        and (r.phone is null or c.phone = r.phone) and (r."parentUserId" is null or c."parentUserId" = r."parentUserId")
        and c."identifiedAt" <= r.at and (r.name is null or c."profileName" = r.name and c."namedAt" >= r.at))
  loop
    sighting := row(null, seen."organizationId", seen."organizationPhoneId", seen.phone, seen."userId", seen."parentUserId",
      null, seen.at);
    contact := contact_for(sighting);
    continue when seen.name is null;
    select * into old from "Contact" c where c.id = contact for no key update;
    continue when not is_newer_name(seen.at, seen.name, old."namedAt", old."profileName");
    update "Contact" c set "profileName" = seen.name, "namedAt" = seen.at where c.id = old.id;
    perform log_renamed(old);
  end loop;
end $$;
