-- The same as `organization_chats` for one business number. The organization is not in the condition: with it Postgres would
-- choose the other index.
create or replace function phone_chats(phone int, listed text, wanted text, after_at timestamptz, after_id int, row_limit int)
returns setof "Chat" language sql stable as $$
  select c.* from "Chat" c where c."organizationPhoneId" = phone and c.status = listed and coalesce(wanted, listed) = listed
    and c."mergedIntoId" is null and (c."lastMessageAt", c.id) < (after_at, after_id)
  order by c."lastMessageAt" desc, c.id desc limit row_limit
$$;
