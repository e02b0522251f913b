-- Records ids that messages and statuses report and the plain look-up ignores: the id that a person has over all portfolios of
-- a managed business, and the user id behind a phone that we sent to. `[{phoneNumberId, phone, userId, parentUserId, at,
-- makesContact}]`; a status creates no contact.
create or replace function record_sightings(people json) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen record;
  sighting "Sighting";
begin
  for seen in
    select r.*, p.id "organizationPhoneId", p."organizationId"
    from json_to_recordset(people) r("phoneNumberId" text, phone text, "userId" text, "parentUserId" text, at timestamptz,
      "makesContact" bool)
    join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    where not exists (select from "Contact" c where c."organizationId" = p."organizationId" and c."userId" = r."userId"
        and (r.phone is null or c.phone = r.phone) and (r."parentUserId" is null or c."parentUserId" = r."parentUserId"))
      and (r."makesContact"
        or exists (select from identity_of(p."organizationId", 'userId', r."userId") o where o.id is not null)
        or exists (select from identity_of(p."organizationId", 'phone', r.phone) o where o.id is not null))
  loop
    sighting := row(null, seen."organizationId", seen."organizationPhoneId", seen.phone, seen."userId", seen."parentUserId",
      null, seen.at);
    perform contact_for(sighting);
  end loop;
end $$;
