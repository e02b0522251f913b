-- Moves a person to new ids: `{previous: {phone, userId, parentUserId}, current: {…}, at}`; what ends is for `apply_id_change`. A
-- contact seen under the new ids is the same person; for the new phone see `claim_changed_phone`. Repeated, it changes nothing.
-- Returns what `settle_identities` returns.
create or replace function change_identity(organization int, change json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  changed_at timestamptz := (change->>'at')::timestamptz;
  report jsonb := jsonb_strip_nulls(change::jsonb);
  record jsonb := jsonb_build_object('previous', report->'previous', 'current', report->'current', 'at', report->'at');
  old "Sighting"; new "Sighting";
  person int; wanted int[]; locked int[] := '{}';
  n "ContactIdentity"; p "ContactIdentity"; g "ContactIdentity";
begin
  old := json_populate_record(null::"Sighting", change->'previous');
  new := json_populate_record(null::"Sighting", change->'current');
  old."organizationId" := organization;
  old.at := changed_at - interval '1 millisecond';
  if coalesce(new."userId", new.phone) is null or coalesce(old."userId", old.phone, old."parentUserId") is null then return settle_identities(); end if;
  -- Repeated. A phone alone may be another person's by now.
  if old."userId" is null and exists (select from "IdentityReport" r join "Contact" c on c.id = r."contactId"
      where r.report->'previous'->>'phone' = old.phone and r.at <= changed_at and r.report = jsonb_strip_nulls(record)
        and c."organizationId" = organization) then return settle_identities(); end if;
  for tried in 1..20 loop
    n := identity_of(organization, 'userId', new."userId");
    if old."userId" is null and old.phone is null then
      person := (identity_of(organization, 'parentUserId', old."parentUserId"))."contactId";
      if person is null then return settle_identities(); end if;
    else
      -- A number alone is that of the person who was seen with it last. Who was seen under the new user id first is that person:
      -- the old phone may look like another's.
      person := contact_for(old, case when old."userId" is null then last_seen_with(organization, old.phone, changed_at)
        when (identity_of(organization, 'userId', old."userId")).id is null then n."contactId" end);
    end if;
    p := identity_of(organization, 'phone', new.phone);
    g := identity_of(organization, 'parentUserId', new."parentUserId");
    wanted := array(select distinct o from unnest(array[person, n."contactId", p."contactId"]) o where o is not null order by o);
    exit when wanted <@ locked;
    perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
    locked := locked || wanted;
  end loop;

  perform record_report(person, record, changed_at);
  if n.id is null then perform claim_identity(organization, person, 'userId', new."userId", changed_at); end if;
  perform join_contacts(organization, null, person, n."contactId", changed_at);
  if p."contactId" is null or p."contactId" is distinct from n."contactId" then
    perform claim_changed_phone(organization, person, new.phone, new."userId", changed_at);
  end if;
  perform join_contacts(organization, null, person, changed_from_phone(organization, new.phone, new."userId", changed_at), changed_at);
  if g.id is null then perform claim_identity(organization, person, 'parentUserId', new."parentUserId", changed_at); end if;
  perform settle_identities();
  select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = person;
  if refresh_contact(person) then perform log_contact_chats(person); end if;
  perform join_shared_phones(person);
  return settle_identities();
end $$;
