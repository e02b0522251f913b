-- The same as `organization_chats` for the chats of one agent (`assignee` 0: of nobody); with unread messages only when
-- `unread`, which skips the others of that agent.
create or replace function assigned_chats(organization int, assignee int, unread bool, listed text, wanted text,
  after_at timestamptz, after_id int, row_limit int) returns setof "Chat" language sql stable as $$
  select c.* from "Chat" c where c."organizationId" = organization and coalesce(c."assigneeId", 0) = assignee
    and c.status = listed and coalesce(wanted, listed) = listed and (not unread or c."unreadCount" > 0)
    and c."mergedIntoId" is null and (c."lastMessageAt", c.id) < (after_at, after_id)
  order by c."lastMessageAt" desc, c.id desc limit row_limit
$$;
