-- The id of the contact behind a sighting: `known` when the caller knows it, else found by user id, then by the parent's, then
-- by phone, among all current and former ids; created when there is none. What the sighting reports is recorded, unless an agent
-- typed it (`is_dialled`). Two contacts that one sighting shows to be the same are merged at the end of the transaction
-- (`settle_identities`). Phone numbers are recycled: when the phone belongs to a contact with another user id, the user id
-- decides; when it only belonged to one, it is reassigned. A sighting from before a change (`change_identity`) that arrives late
-- belongs to the contact that had the number then.
create or replace function contact_for(i "Sighting", known int default null, is_dialled bool default false) returns int language plpgsql as $$
#variable_conflict use_column
declare
  u "ContactIdentity"; g "ContactIdentity"; p "ContactIdentity";
  seen timestamptz := coalesce(i.at, now());
  seen_ids jsonb := jsonb_strip_nulls(jsonb_build_object('phone', i.phone, 'userId', i."userId", 'parentUserId', i."parentUserId"));
  person int; other int; wanted int[]; locked int[] := '{}';
  phone_is text;
  is_changed bool;
begin
  for tried in 1..20 loop
    person := null;
    if i."groupId" is not null then
      select id into person from "Contact" c where c."organizationId" = i."organizationId" and c."groupId" = i."groupId";
      if person is null then
        insert into "Contact" ("organizationId", "groupId") values (i."organizationId", i."groupId") on conflict do nothing returning id into person;
      end if;
      if person is not null then return person; end if;
      continue;
    end if;
    u := identity_of(i."organizationId", 'userId', i."userId");
    g := identity_of(i."organizationId", 'parentUserId', i."parentUserId");
    p := identity_of(i."organizationId", 'phone', i.phone);
    select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = coalesce(known, u."contactId", g."contactId");
    phone_is := phone_relation(i, person, p, seen);
    if person is null and phone_is = 'same' then
      person := p."contactId";
      phone_is := 'own';
    end if;
    if person is null then
      person := create_contact(i, phone_is in ('free', 'former'), is_dialled, seen);
      continue when person is null;
      if phone_is = 'taken' then
        perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      end if;
      perform join_contacts(i."organizationId", i."organizationPhoneId", person, changed_from_phone(i."organizationId", i.phone, i."userId", seen), seen);
      return person;
    end if;
    if is_dialled then return person; end if;
    if phone_is = 'taken' or phone_is = 'same' and was_merge_undone(person, p."contactId") then
      perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      phone_is := 'none';
    end if;
    -- The sighting shows nothing new.
    if phone_is in ('none', 'own') and (i."userId" is null or u."contactId" = person) and (i."parentUserId" is null or g."contactId" = person)
      and exists (select from "IdentityReport" r where r."contactId" = person and r.report = seen_ids and r.at <= seen) then return person; end if;

    -- The locks that a merge takes, in the same order; what was read before them is read again.
    wanted := array(select distinct o from unnest(array[person, u."contactId", p."contactId", g."contactId"]) o where o is not null order by o);
    if not wanted <@ locked then
      perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
      locked := locked || wanted;
      continue;
    end if;
    perform record_report(person, seen_ids, seen);
    if u.id is null then perform claim_identity(i."organizationId", person, 'userId', i."userId", seen); end if;
    if phone_is in ('free', 'former') then perform claim_identity(i."organizationId", person, 'phone', i.phone, seen); end if;
    if g.id is null then perform claim_identity(i."organizationId", person, 'parentUserId', i."parentUserId", seen); end if;
    foreach other in array array[u."contactId", g."contactId", case when phone_is = 'same' then p."contactId" end,
        changed_from_phone(i."organizationId", i.phone, i."userId", seen)] loop
      perform join_contacts(i."organizationId", i."organizationPhoneId", person, other, seen);
    end loop;
    is_changed := refresh_contact(person);
    perform join_shared_phones(person);
    if is_changed and known is not null then perform log_contact_chats(person); end if;
    return person;
  end loop;
  raise exception 'a contact changed again and again' using errcode = '40001';
end $$;
