-- A person goes on under other ids: `{previous: {phone, userId, parentUserId}, current: {…}, at}`. With a new number comes a
-- new user id, so what is not named anew has ended too. Whoever was seen under the new ids is the same person; but a contact
-- that had the new phone before, under another user id, is somebody else. Says what `settle_identities` says.
create or replace function change_identity(organization int, change json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  told timestamptz := (change->>'at')::timestamptz;
  old "Sighting"; new "Sighting";
  person int; wanted int[]; held int[] := '{}';
  n "ContactIdentity"; p "ContactIdentity";
  hasMovedOn bool;
begin
  old := json_populate_record(null::"Sighting", change->'previous');
  new := json_populate_record(null::"Sighting", change->'current');
  old."organizationId" := organization;
  old.at := told - interval '1 millisecond';
  if coalesce(new."userId", new.phone) is null or coalesce(old."userId", old.phone, old."parentUserId") is null then return settle_identities(); end if;
  if old."userId" is null and old.phone is null then
    person := (identity_of(organization, 'parentUserId', old."parentUserId"))."contactId";
    if person is null then return settle_identities(); end if;
  end if;
  for tried in 1..20 loop
    if old."userId" is not null or old.phone is not null then person := contact_for(old); end if;
    n := identity_of(organization, 'userId', new."userId");
    p := identity_of(organization, 'phone', new.phone);
    wanted := array(select distinct o from unnest(array[person, n."contactId", p."contactId"]) o where o is not null order by o);
    exit when wanted <@ held;
    perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
    held := held || wanted;
  end loop;

  -- Told twice, in two ways, it ends only once what was before.
  hasMovedOn := not exists (select from "ContactIdentity" o where o."contactId" = person and o."isCurrent"
    and (o.kind = 'userId' and o.value = old."userId" or o.kind = 'phone' and o.value = old.phone or o.kind = 'parentUserId' and o.value = old."parentUserId"));
  if not hasMovedOn then
    update "ContactIdentity" o set "isCurrent" = false, "endedAt" = told
    -- The telling itself comes from what it ends, at that very time.
    where o."contactId" = person and o."isCurrent" and (o."createdAt" < told or o."createdAt" = told and o.value in (old.phone, old."userId"))
      and (o.kind = 'phone' and o.value is distinct from new.phone or o.kind = 'userId' and o.value is distinct from new."userId"
        or o.kind = 'parentUserId' and o.value <> new."parentUserId");
  end if;
  if n."contactId" <> person then
    if was_merge_undone(person, n."contactId") then
      perform report_conflict(organization, null, person, n."contactId", told);
    else
      perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, n."contactId")));
      -- All that was seen with the new id is of the time after the change.
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = n."contactId" and o."isCurrent" and n."isCurrent";
    end if;
  else
    perform record_identity(organization, person, 'userId', new."userId", told, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = person and o.kind = 'userId' and o.value = new."userId" and o."isCurrent";
  end if;
  if p."contactId" <> person and p."contactId" is distinct from n."contactId" and not (not p."isCurrent" and p."endedAt" <= told) then
    if was_merge_undone(person, p."contactId") or p."createdAt" < told and exists (select from "ContactIdentity" o
        where o."contactId" = p."contactId" and o.kind = 'userId' and o."isCurrent" and o.value is distinct from new."userId") then
      perform report_conflict(organization, null, person, p."contactId", told);
    else
      perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, p."contactId")));
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = p."contactId" and o."isCurrent" and p."isCurrent";
    end if;
  elsif p."contactId" is distinct from n."contactId" or p.id is null or p."contactId" = person then
    perform record_identity(organization, person, 'phone', new.phone, told, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = person and o.kind = 'phone' and o.value = new.phone and o."isCurrent";
  end if;
  if (identity_of(organization, 'parentUserId', new."parentUserId"))."contactId" is null then
    perform record_identity(organization, person, 'parentUserId', new."parentUserId", told, false);
  end if;
  perform settle_identities();
  select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = person;
  if refresh_contact(person) then perform log_contact_chats(person); end if;
  return settle_identities();
end $$;
