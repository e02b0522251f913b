-- The part of `list_chats` for chats with a label: reads and sorts all chats that have it, which an index of the labels finds. The
-- filters are those of `list_chats`.
create or replace function labelled_chats(organization int, label int, phone int, wanted text, assignee int, unread bool,
  after_at timestamptz, after_id int, row_limit int) returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = on set enable_bitmapscan = on set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    with labelled as materialized (
      select c.id, c."organizationId", c."organizationPhoneId", c.status, c."assigneeId", c."unreadCount", c."mergedIntoId", c."lastMessageAt"
      from "Chat" c where c."labelIds" @> array[label] and c."labelIds" <> '{}'),
    page as materialized (
      select l.id, l."lastMessageAt" from labelled l
      where l."organizationId" = organization and coalesce(phone, l."organizationPhoneId") = l."organizationPhoneId"
        and coalesce(wanted, l.status) = l.status and coalesce(assignee, coalesce(l."assigneeId", 0)) = coalesce(l."assigneeId", 0)
        and (not unread or l."unreadCount" > 0) and l."mergedIntoId" is null and (l."lastMessageAt", l.id) < (after_at, after_id)
      order by l."lastMessageAt" desc, l.id desc limit row_limit)
    select r.* from page p join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
end $$;
