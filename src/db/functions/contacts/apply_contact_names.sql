-- Applies names of the business's own address book, and subjects of groups: `[{phoneNumberId, phone, userId, groupId, name,
-- at}]`. The name that a person uses wins whatever its age, so the address book counts as a thousand years older. The chats
-- whose name changes log it; `settle_identities` returns the events.
create or replace function apply_contact_names(names json) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen record;
  sighting "Sighting";
  contact int;
  old "Contact";
begin
  for seen in
    select r.*, p."organizationId", p.id "organizationPhoneId",
      r.at - case when r."groupId" is null then interval '1000 years' else interval '0' end "namedAt"
    from json_to_recordset(names) r("phoneNumberId" text, phone text, "userId" text, "groupId" text, name text, at timestamptz)
    join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    order by r."phoneNumberId", r.phone, r."userId", r."groupId", r.at
  loop
    sighting := row(null, seen."organizationId", seen."organizationPhoneId", seen.phone, seen."userId", null, seen."groupId",
      seen.at);
    contact := contact_for(sighting);
    select * into old from "Contact" c where c.id = contact for no key update;
    continue when (old."namedAt", old.name) >= (seen."namedAt", seen.name);
    update "Contact" c set name = seen.name, "namedAt" = seen."namedAt", "updatedAt" = now() where c.id = old.id;
    continue when old.name = seen.name;
    perform log_contact_chats(old.id);
  end loop;
end $$;
