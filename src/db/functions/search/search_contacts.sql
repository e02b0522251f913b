-- The organization's chats whose contact matches: `patterns` are LIKE patterns for "Contact"."searchText" that all must match, the most
-- selective first, and `phone` is a phone that they have or had (null: none). Newest activity first, at most `row_limit`, of at
-- most 500 contacts.
create or replace function search_contacts(organization int, patterns text[], phone text, row_limit int) returns setof "ChatRow"
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off as $$
declare
  contacts int[];
begin
  contacts := array(select k.id from "Contact" k where k."searchText" like patterns[1] and k."organizationId" = organization
      and k."searchText" like all(patterns) and k."mergedIntoId" is null limit 500)
    || array(select i."contactId" from "ContactIdentity" i where i."organizationId" = organization and i.kind in ('phone', 'dialled')
      and i.value in (phone, '7' || substr(phone, 2)));
  return query select r.* from "ChatRow" r where r.id in (
      select c.id from "Chat" c where c."contactId" = any(contacts) and c."mergedIntoId" is null
      order by c."lastMessageAt" desc, c.id desc limit row_limit)
    order by r."lastMessageAt" desc, r.id desc;
end $$;
