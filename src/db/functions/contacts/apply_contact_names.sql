-- Applies names of the business's own address book, and subjects of groups: `[{phoneNumberId, phone, userId, groupId, name,
-- at}]`; the newest stays, see `is_newer_name`. The chats whose name changes log it; `settle_identities` returns the events.
create or replace function apply_contact_names(names json) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen record;
  sighting "Sighting";
  contact int;
  old "Contact";
begin
  for seen in
    select r.*, p."organizationId", p.id "organizationPhoneId"
    from json_to_recordset(names) r("phoneNumberId" text, phone text, "userId" text, "groupId" text, name text, at timestamptz)
    join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    order by r."phoneNumberId", r.phone, r."userId", r."groupId", r.at
  loop
    sighting := row(null, seen."organizationId", seen."organizationPhoneId", seen.phone, seen."userId", null, seen."groupId",
      seen.at);
    contact := contact_for(sighting);
    select * into old from "Contact" c where c.id = contact for no key update;
    continue when not is_newer_name(seen.at, seen.name, old."savedNameAt", old."savedName");
    update "Contact" c set "savedName" = seen.name, "savedNameAt" = seen.at where c.id = old.id;
    perform log_renamed(old);
  end loop;
end $$;
