-- An organization's chats, newest activity first, behind a position (`after_at`, `after_id`; null: from the start), of one
-- number (`phone`) or one status (`wanted`) where these are not null: at most `row_limit`.
--
-- There is one index for an organization's lists and one for a number's, both by status and then by time. A list of one
-- status stands in its index as it is; of all statuses Postgres merges the three, and reads a row or two beyond the page.
create or replace function list_chats(organization int, phone int, wanted text, after_at timestamptz, after_id int, row_limit int)
returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  after_at := coalesce(after_at, 'infinity');
  after_id := coalesce(after_id, 0);
  if phone is null then
    return query
      (select r.* from "ChatRow" r where r."organizationId" = organization and r.status = 'open' and (wanted is null or wanted = 'open')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      union all
      (select r.* from "ChatRow" r where r."organizationId" = organization and r.status = 'snoozed' and (wanted is null or wanted = 'snoozed')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      union all
      (select r.* from "ChatRow" r where r."organizationId" = organization and r.status = 'closed' and (wanted is null or wanted = 'closed')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      order by "lastMessageAt" desc, id desc limit row_limit;
  -- The number says whose the chats are: beside it, the organization in the condition would lead to the other index.
  elsif exists (select from "OrganizationPhone" p where p.id = phone and p."organizationId" = organization) then
    return query
      (select r.* from "ChatRow" r where r."organizationPhoneId" = phone and r.status = 'open' and (wanted is null or wanted = 'open')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      union all
      (select r.* from "ChatRow" r where r."organizationPhoneId" = phone and r.status = 'snoozed' and (wanted is null or wanted = 'snoozed')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      union all
      (select r.* from "ChatRow" r where r."organizationPhoneId" = phone and r.status = 'closed' and (wanted is null or wanted = 'closed')
        and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
        order by r."lastMessageAt" desc, r.id desc limit row_limit)
      order by "lastMessageAt" desc, id desc limit row_limit;
  end if;
end $$;
