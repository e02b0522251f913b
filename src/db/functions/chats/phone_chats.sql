-- The same as `organization_chats` for one business number. The organization is not in the condition: with it Postgres would
-- choose the other index.
create or replace function phone_chats(phone int, listed text, wanted text, after_at timestamptz, after_id int, row_limit int)
returns setof "ChatRow" language sql stable as $$
  select r.* from "ChatRow" r where r."organizationPhoneId" = phone and r.status = listed and coalesce(wanted, listed) = listed
    and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
  order by r."lastMessageAt" desc, r.id desc limit row_limit
$$;
