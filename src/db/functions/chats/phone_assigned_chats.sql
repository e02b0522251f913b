-- The same as `assigned_chats` for one business number.
create or replace function phone_assigned_chats(phone int, assignee int, unread bool, listed text, wanted text,
  after_at timestamptz, after_id int, row_limit int) returns setof "Chat" language sql stable as $$
  select c.* from "Chat" c where c."organizationPhoneId" = phone and coalesce(c."assigneeId", 0) = assignee
    and c.status = listed and coalesce(wanted, listed) = listed and (not unread or c."unreadCount" > 0)
    and c."mergedIntoId" is null and (c."lastMessageAt", c.id) < (after_at, after_id)
  order by c."lastMessageAt" desc, c.id desc limit row_limit
$$;
