-- The organization's chats whose contact matches. `patterns`: sets of LIKE patterns for "Contact"."searchText", the most selective of
-- a set first; all of a set must match. `phone`: a phone that they have or had (null: none). That comes first, then what an earlier
-- set finds, then newest activity; at most `row_limit`, of at most 500 contacts of a set.
create or replace function search_contacts(organization int, patterns json, phone text, row_limit int) returns setof "ChatRow"
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off as $$
declare
  contacts int[] := array(select distinct i."contactId" from "ContactIdentity" i where i."organizationId" = organization
    and i.kind in ('phone', 'dialled') and i.value in (phone, '7' || substr(phone, 2)));
  ranks int[] := array_fill(0, array[cardinality(contacts)]);
  found int[];
  wanted text[];
begin
  for wanted in select array(select json_array_elements_text(s)) from json_array_elements(patterns) s loop
    -- By the index of the texts, which has no use for an array; never by that of the organization.
    found := array(select k.id from "Contact" k where k."searchText" like wanted[1] and k."searchText" like coalesce(wanted[2], '%')
      and k."searchText" like coalesce(wanted[3], '%') and k."searchText" like coalesce(wanted[4], '%')
      and k."searchText" like all(wanted) and k."organizationId" + 0 = organization and k."mergedIntoId" is null and k.id <> all(contacts) limit 500);
    contacts := contacts || found;
    ranks := ranks || array_fill(1 + coalesce(ranks[cardinality(ranks)], 0), array[cardinality(found)]);
  end loop;
  return query select r.* from (
      select c.id, f.rank from unnest(contacts, ranks) f(contact, rank) cross join lateral (
        select * from "Chat" o where o."contactId" = f.contact and o."mergedIntoId" is null offset 0) c
      order by f.rank, c."lastMessageAt" desc, c.id desc limit row_limit) c
    join "ChatRow" r on r.id = c.id order by c.rank, r."lastMessageAt" desc, r.id desc;
end $$;
