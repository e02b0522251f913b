-- Creates the contact of a sighting, with its phone when `has_phone`; null when another transaction has just created it. A phone
-- that an agent typed (`is_dialled`) is the contact's until Meta names another.
create or replace function create_contact(i "Sighting", has_phone bool, is_dialled bool, seen timestamptz) returns int language plpgsql as $$
#variable_conflict use_column
declare
  person int;
begin
  is_dialled := is_dialled and i.phone is not null;
  insert into "Contact" ("organizationId", phone, "userId", "parentUserId", "identifiedAt")
  values (i."organizationId", case when has_phone then i.phone end, i."userId", i."parentUserId", case when is_dialled then 'infinity' else seen end)
  on conflict do nothing returning id into person;
  if person is null then return null; end if;
  update "ContactIdentity" o set "createdAt" = seen, kind = case when is_dialled then 'dialled' else o.kind end where o."contactId" = person;
  perform record_report(person, case when is_dialled then jsonb_build_object('dialled', i.phone)
    else jsonb_build_object('phone', i.phone, 'userId', i."userId", 'parentUserId', i."parentUserId") end, seen);
  return person;
end $$;
