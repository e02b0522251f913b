-- The person behind a contact: the contacts that are one with it, their chats, and all ids that are theirs. Null where the
-- organization has no such contact.
create or replace function person_of(organization int, contact int, out contacts int[], out chats int[], out ids text[])
language plpgsql stable set enable_seqscan = off as $$
#variable_conflict use_column
declare
  root int := (select coalesce(c."mergedIntoId", c.id) from "Contact" c where c.id = contact and c."organizationId" = organization);
begin
  if root is null then return; end if;
  contacts := array(select c.id from "Contact" c where c.id = root union select c.id from "Contact" c where c."mergedIntoId" = root order by 1);
  chats := array(select c.id from "Chat" c where c."contactId" = any(contacts) order by c.id);
  ids := array(
    select o.value from "ContactIdentity" o where o."contactId" = any(contacts)
    union select v from "Contact" c cross join unnest(array[c.phone, c."userId", c."parentUserId"]) v
    where c.id = any(contacts) and v is not null);
end $$;
