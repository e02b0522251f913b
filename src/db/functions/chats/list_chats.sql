-- An organization's chats, newest activity first, behind a position (`after_at`, `after_id`; null: from the start), of one
-- number or one status where these are not null.
create or replace function list_chats(organization int, phone int, wanted text, after_at timestamptz, after_id int, row_limit int)
returns setof "ChatRow" language plpgsql stable set plan_cache_mode = force_generic_plan set enable_sort = off as $$
begin
  return query select r.* from "Chat" c cross join lateral chat_row(c) r
  where c."organizationId" = organization
    -- Another has taken it over.
    and c."mergedIntoId" is null
    and (phone is null or c."organizationPhoneId" = phone) and (wanted is null or c.status = wanted)
    and (c."lastMessageAt", c.id) < (coalesce(after_at, 'infinity'), coalesce(after_id, 0))
  order by c."lastMessageAt" desc, c.id desc limit row_limit;
end $$;
