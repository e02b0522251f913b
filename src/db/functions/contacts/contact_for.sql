-- The id of the contact behind a sighting: found by user id, then by the parent's, then by phone, among all current and former
-- ids; created when there is none. New ids of the sighting are recorded. Two contacts that one sighting shows to be the same
-- are merged at the end of the transaction (`settle_identities`). Phone numbers are recycled: when the phone belongs to a
-- contact with another user id, the user id decides; when it only belonged to one, it is reassigned. A sighting from before a
-- change (`change_identity`) that arrives late belongs to the contact that had the number then.
create or replace function contact_for(i "Sighting") returns int language plpgsql as $$
#variable_conflict use_column
declare
  u "ContactIdentity"; g "ContactIdentity"; p "ContactIdentity";
  seen timestamptz := coalesce(i.at, now());
  person int; wanted int[]; locked int[] := '{}';
  phone_is text;
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
    person := coalesce(u."contactId", g."contactId");
    phone_is := phone_relation(i, person, p, seen);
    if person is null and phone_is = 'same' then
      person := p."contactId";
      phone_is := 'own';
    end if;
    if person is null then
      insert into "Contact" ("organizationId", phone, "userId", "parentUserId")
      values (i."organizationId", case when phone_is in ('free', 'former') then i.phone end, i."userId", i."parentUserId")
      on conflict do nothing returning id into person;
      continue when person is null;
      update "ContactIdentity" o set "createdAt" = seen where o."contactId" = person;
      if phone_is = 'taken' then
        perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      end if;
      return person;
    end if;
    if phone_is = 'taken' or phone_is = 'same' and was_merge_undone(person, p."contactId") then
      perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      phone_is := 'none';
    end if;
    -- The sighting shows nothing new.
    if phone_is in ('none', 'own') and (i."userId" is null or u.id is not null) and (i."parentUserId" is null or g."contactId" = person)
      and (phone_is = 'none' or u.id is null or u."isCurrent" = p."isCurrent") then return person; end if;

    -- The locks that a merge takes, in the same order; what was read before them is read again.
    wanted := array(select distinct o from unnest(array[person, p."contactId", g."contactId"]) o where o is not null order by o);
    if not wanted <@ locked then
      perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
      locked := locked || wanted;
      continue;
    end if;
    -- An id seen together with one that a change introduced is as new as that one.
    seen := greatest(seen, case when u."isCurrent" then u."createdAt" end, case when p."isCurrent" and phone_is = 'own' then p."createdAt" end);
    perform record_identity(i."organizationId", person, 'userId', i."userId", seen, phone_is = 'own' and p."isCurrent");
    if phone_is in ('free', 'former', 'own') then
      perform record_identity(i."organizationId", person, 'phone', i.phone, seen, u."isCurrent");
    elsif phone_is = 'same' then
      perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, p."contactId")));
    end if;
    if g."contactId" <> person then
      if not was_merge_undone(person, g."contactId") then
        perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(person, g."contactId")));
      end if;
    else
      perform record_identity(i."organizationId", person, 'parentUserId', i."parentUserId", seen, false);
    end if;
    perform refresh_contact(person);
    return person;
  end loop;
  raise exception 'a contact changed again and again' using errcode = '40001';
end $$;
