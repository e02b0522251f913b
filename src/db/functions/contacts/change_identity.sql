-- Moves a person to new ids: `{previous: {phone, userId, parentUserId}, current: {…}, at}`; what ends is for `apply_id_change`. A
-- contact seen under the new ids is the same person; but a contact that had the new phone before, under another user id, is a
-- different one. Repeated, it changes nothing. Returns what `settle_identities` returns.
create or replace function change_identity(organization int, change json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  changed_at timestamptz := (change->>'at')::timestamptz;
  report jsonb := jsonb_strip_nulls(change::jsonb);
  old "Sighting"; new "Sighting";
  person int; wanted int[]; locked int[] := '{}';
  n "ContactIdentity"; p "ContactIdentity"; g "ContactIdentity";
begin
  old := json_populate_record(null::"Sighting", change->'previous');
  new := json_populate_record(null::"Sighting", change->'current');
  old."organizationId" := organization;
  old.at := changed_at - interval '1 millisecond';
  if coalesce(new."userId", new.phone) is null or coalesce(old."userId", old.phone, old."parentUserId") is null then return settle_identities(); end if;
  for tried in 1..20 loop
    n := identity_of(organization, 'userId', new."userId");
    if old."userId" is null and old.phone is null then
      person := (identity_of(organization, 'parentUserId', old."parentUserId"))."contactId";
      if person is null then return settle_identities(); end if;
    else
      -- A number alone is that of the person who was seen with it last. Who was seen under the new user id first is that person:
      -- the old phone may look like another's.
      person := contact_for(old, case when old."userId" is null then (
          select c.id from "IdentityReport" r join "Contact" c on c.id = r."contactId" and c."organizationId" = organization
          where r.report->>'phone' = old.phone and r.report ? 'userId' and r.at <= changed_at order by r.at desc, r.id limit 1)
        when (identity_of(organization, 'userId', old."userId")).id is null then n."contactId" end);
    end if;
    p := identity_of(organization, 'phone', new.phone);
    g := identity_of(organization, 'parentUserId', new."parentUserId");
    wanted := array(select distinct o from unnest(array[person, n."contactId", p."contactId"]) o where o is not null order by o);
    exit when wanted <@ locked;
    perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
    locked := locked || wanted;
  end loop;

  perform record_report(person, jsonb_build_object('previous', report->'previous', 'current', report->'current', 'at', report->'at'), changed_at);
  if n.id is null then perform claim_identity(organization, person, 'userId', new."userId", changed_at); end if;
  perform join_contacts(organization, null, person, n."contactId", changed_at);
  if p.id is null or p."contactId" <> person and not p."isCurrent" and p."endedAt" <= changed_at and p."contactId" is distinct from n."contactId" then
    perform claim_identity(organization, person, 'phone', new.phone, changed_at);
  elsif p."contactId" <> person and p."contactId" is distinct from n."contactId" then
    if p."createdAt" < changed_at and exists (select from "ContactIdentity" o
        where o."contactId" = p."contactId" and o.kind = 'userId' and o."isCurrent" and o.value is distinct from new."userId") then
      perform report_conflict(organization, null, person, p."contactId", changed_at);
    else
      perform join_contacts(organization, null, person, p."contactId", changed_at);
    end if;
  end if;
  if g.id is null then perform claim_identity(organization, person, 'parentUserId', new."parentUserId", changed_at); end if;
  perform settle_identities();
  select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = person;
  if refresh_contact(person) then perform log_contact_chats(person); end if;
  perform join_shared_phones(person);
  return settle_identities();
end $$;
