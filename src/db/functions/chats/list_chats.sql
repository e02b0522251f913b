-- An organization's chats, newest activity first, after a position (`after_at`, `after_id`; null: from the start), of one business
-- number (`phone`) and one status (`wanted`) where these are not null: at most `row_limit`.
--
-- One index serves an organization's lists and one a number's, both by status and then by time. A list of one status is a range
-- of its index; for all statuses Postgres merges three ranges, and reads a row or two more than the page.
create or replace function list_chats(organization int, phone int, wanted text, after_at timestamptz, after_id int, row_limit int)
returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  after_at := coalesce(after_at, 'infinity');
  after_id := coalesce(after_id, 0);
  if phone is null then
    return query
      (select * from organization_chats(organization, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select * from organization_chats(organization, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select * from organization_chats(organization, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit;
  elsif exists (select from "OrganizationPhone" p where p.id = phone and p."organizationId" = organization) then
    return query
      (select * from phone_chats(phone, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select * from phone_chats(phone, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select * from phone_chats(phone, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit;
  end if;
end $$;
