-- Moves a person to new ids: `{previous: {phone, userId, parentUserId}, current: {…}, at}`. A new number comes with a new user
-- id, so an old id without a successor ends too. A contact seen under the new ids is the same person; but a contact that had
-- the new phone before, under another user id, is a different one. Returns what `settle_identities` returns.
create or replace function change_identity(organization int, change json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  changed_at timestamptz := (change->>'at')::timestamptz;
  old "Sighting"; new "Sighting";
  person int; wanted int[]; locked int[] := '{}';
  n "ContactIdentity"; p "ContactIdentity";
  has_moved_on bool;
begin
  old := json_populate_record(null::"Sighting", change->'previous');
  new := json_populate_record(null::"Sighting", change->'current');
  old."organizationId" := organization;
  old.at := changed_at - interval '1 millisecond';
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
    exit when wanted <@ locked;
    perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
    locked := locked || wanted;
  end loop;

  -- Reported twice, in two formats, a change ends the earlier ids only once.
  has_moved_on := not exists (select from "ContactIdentity" o where o."contactId" = person and o."isCurrent"
    and (o.kind = 'userId' and o.value = old."userId" or o.kind = 'phone' and o.value = old.phone or o.kind = 'parentUserId' and o.value = old."parentUserId"));
  if not has_moved_on then
    update "ContactIdentity" o set "isCurrent" = false, "endedAt" = changed_at
    -- The report itself comes from the id that it ends, at the time of the change.
    where o."contactId" = person and o."isCurrent" and (o."createdAt" < changed_at or o."createdAt" = changed_at and o.value in (old.phone, old."userId"))
      and (o.kind = 'phone' and o.value is distinct from new.phone or o.kind = 'userId' and o.value is distinct from new."userId"
        or o.kind = 'parentUserId' and o.value <> new."parentUserId");
  end if;
  if n."contactId" <> person then
    if was_merge_undone(person, n."contactId") then
      perform report_conflict(organization, null, person, n."contactId", changed_at);
    else
      perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, n."contactId")));
      -- Whatever was seen with the new id belongs to the time after the change.
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", changed_at) where o."contactId" = n."contactId" and o."isCurrent" and n."isCurrent";
    end if;
  else
    perform record_identity(organization, person, 'userId', new."userId", changed_at, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", changed_at) where o."contactId" = person and o.kind = 'userId' and o.value = new."userId" and o."isCurrent";
  end if;
  if p."contactId" <> person and p."contactId" is distinct from n."contactId" and not (not p."isCurrent" and p."endedAt" <= changed_at) then
    if was_merge_undone(person, p."contactId") or p."createdAt" < changed_at and exists (select from "ContactIdentity" o
        where o."contactId" = p."contactId" and o.kind = 'userId' and o."isCurrent" and o.value is distinct from new."userId") then
      perform report_conflict(organization, null, person, p."contactId", changed_at);
    else
      perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, p."contactId")));
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", changed_at) where o."contactId" = p."contactId" and o."isCurrent" and p."isCurrent";
    end if;
  elsif p."contactId" is distinct from n."contactId" or p.id is null or p."contactId" = person then
    perform record_identity(organization, person, 'phone', new.phone, changed_at, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", changed_at) where o."contactId" = person and o.kind = 'phone' and o.value = new.phone and o."isCurrent";
  end if;
  if (identity_of(organization, 'parentUserId', new."parentUserId"))."contactId" is null then
    perform record_identity(organization, person, 'parentUserId', new."parentUserId", changed_at, false);
  end if;
  perform settle_identities();
  select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = person;
  if refresh_contact(person) then perform log_contact_chats(person); end if;
  return settle_identities();
end $$;
