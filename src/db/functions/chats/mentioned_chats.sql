-- The part of `list_chats` for chats in which a note mentions an agent, who has not read them since: reads and sorts all of these,
-- which an index of the mentions finds. The filters are those of `list_chats`.
create or replace function mentioned_chats(organization int, mentioned int, phone int, wanted text, assignee int, unread bool, label int,
  after_at timestamptz, after_id int, row_limit int) returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = on set enable_bitmapscan = on set enable_seqscan = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    with mentioning as materialized (
      select c.id, c."organizationId", c."organizationPhoneId", c.status, c."assigneeId", c."unreadCount", c."labelIds", c."mergedIntoId",
        c."lastMessageAt"
      from "Chat" c where c."mentionedIds" @> array[mentioned] and c."mentionedIds" <> '{}'),
    page as materialized (
      select l.id, l."lastMessageAt" from mentioning l
      where l."organizationId" = organization and coalesce(phone, l."organizationPhoneId") = l."organizationPhoneId"
        and coalesce(wanted, l.status) = l.status and coalesce(assignee, coalesce(l."assigneeId", 0)) = coalesce(l."assigneeId", 0)
        and (not unread or l."unreadCount" > 0) and (label is null or l."labelIds" @> array[label]) and l."mergedIntoId" is null
        and (l."lastMessageAt", l.id) < (after_at, after_id)
      order by l."lastMessageAt" desc, l.id desc limit row_limit)
    select r.* from page p join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
end $$;
