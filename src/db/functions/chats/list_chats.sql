-- An organization's chats, newest activity first, after a position (`after_at`, `after_id`; null: from the start), of one business
-- number (`phone`), one status (`wanted`), one agent (`assignee`; 0: of nobody) and one label where these are not null, and with
-- unread messages only when `unread`, and with a note that mentions the agent `mentioned` where not null: at most `row_limit`.
--
-- One index serves an organization's lists and one a number's, both by status and then by time; two more those of an assignee.
-- A list of one status is a range of its index; for all statuses Postgres merges three ranges, and reads a row or two more than
-- the page. The ranges give ids, and the page's rows are joined once: to start that join for each range cost more than to run it.
create or replace function list_chats(organization int, phone int, wanted text, assignee int, unread bool, label int,
  mentioned int, after_at timestamptz, after_id int, row_limit int) returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  after_at := coalesce(after_at, 'infinity');
  after_id := coalesce(after_id, 0);
  if phone is not null and not exists (
      select from "OrganizationPhone" p where p.id = phone and p."organizationId" = organization) then return; end if;
  if mentioned is not null then
    return query select * from mentioned_chats(organization, mentioned, phone, wanted, assignee, unread, label, after_at, after_id, row_limit);
  elsif label is not null then
    return query select * from labelled_chats(organization, label, phone, wanted, assignee, unread, after_at, after_id, row_limit);
  elsif assignee is not null and phone is not null then
    return query select r.* from (
      (select id, "lastMessageAt" from phone_assigned_chats(phone, assignee, unread, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from phone_assigned_chats(phone, assignee, unread, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from phone_assigned_chats(phone, assignee, unread, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit) p
      join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
  elsif assignee is not null then
    return query select r.* from (
      (select id, "lastMessageAt" from assigned_chats(organization, assignee, unread, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from assigned_chats(organization, assignee, unread, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from assigned_chats(organization, assignee, unread, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit) p
      join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
  elsif unread then
    return query select r.* from (
      (select id, "lastMessageAt" from unread_chats(organization, phone, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from unread_chats(organization, phone, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from unread_chats(organization, phone, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit) p
      join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
  elsif phone is not null then
    return query select r.* from (
      (select id, "lastMessageAt" from phone_chats(phone, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from phone_chats(phone, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from phone_chats(phone, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit) p
      join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
  else
    return query select r.* from (
      (select id, "lastMessageAt" from organization_chats(organization, 'open', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from organization_chats(organization, 'snoozed', wanted, after_at, after_id, row_limit))
      union all
      (select id, "lastMessageAt" from organization_chats(organization, 'closed', wanted, after_at, after_id, row_limit))
      order by "lastMessageAt" desc, id desc limit row_limit) p
      join "ChatRow" r on r.id = p.id order by p."lastMessageAt" desc, p.id desc;
  end if;
end $$;
