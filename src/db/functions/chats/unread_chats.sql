-- The same as `organization_chats` for the chats with unread messages; of one business number where `phone` is not null, which
-- skips the unread ones of the others.
create or replace function unread_chats(organization int, phone int, listed text, wanted text, after_at timestamptz,
  after_id int, row_limit int) returns setof "Chat" language sql stable as $$
  select c.* from "Chat" c where c."organizationId" = organization and c."unreadCount" > 0 and c.status = listed
    and coalesce(wanted, listed) = listed and coalesce(phone, c."organizationPhoneId") = c."organizationPhoneId"
    and c."mergedIntoId" is null and (c."lastMessageAt", c.id) < (after_at, after_id)
  order by c."lastMessageAt" desc, c.id desc limit row_limit
$$;
