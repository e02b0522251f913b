-- The same as `organization_chats` for the chats of one agent (`assignee` 0: of nobody); with unread messages only when
-- `unread`, which skips the others of that agent.
create or replace function assigned_chats(organization int, assignee int, unread bool, listed text, wanted text,
  after_at timestamptz, after_id int, row_limit int) returns setof "ChatRow" language sql stable as $$
  select r.* from "ChatRow" r where r."organizationId" = organization and coalesce(r."assigneeId", 0) = assignee
    and r.status = listed and coalesce(wanted, listed) = listed and (not unread or r."unreadCount" > 0)
    and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
  order by r."lastMessageAt" desc, r.id desc limit row_limit
$$;
