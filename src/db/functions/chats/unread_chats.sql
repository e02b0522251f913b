-- The same as `organization_chats` for the chats with unread messages; of one business number where `phone` is not null, which
-- skips the unread ones of the others.
create or replace function unread_chats(organization int, phone int, listed text, wanted text, after_at timestamptz,
  after_id int, row_limit int) returns setof "ChatRow" language sql stable as $$
  select r.* from "ChatRow" r where r."organizationId" = organization and r."unreadCount" > 0 and r.status = listed
    and coalesce(wanted, listed) = listed and coalesce(phone, r."organizationPhoneId") = r."organizationPhoneId"
    and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
  order by r."lastMessageAt" desc, r.id desc limit row_limit
$$;
