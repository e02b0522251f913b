-- How many chats the lists of `list_chats` have, with these filters, for three views: of the agent `me`, of nobody, of everybody;
-- and how many of them have unread messages. Counts to `most`, so that the work is bounded: that number means as many or more.
-- Status by status and in the order of the index: so Postgres takes the right one also without statistics.
create or replace function count_chats(organization int, phone int, wanted text, label int, me int, most int)
returns table(mine int, "mineUnread" int, unassigned int, "unassignedUnread" int, "all" int, "allUnread" int) language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  statuses text[] := case when wanted is null then array['open', 'snoozed', 'closed'] else array[wanted] end;
begin
  if label is not null then
    return query select * from count_labelled_chats(organization, label, phone, wanted, me, most);
    return;
  elsif phone is null then
    select count(*), count(*) filter (where u > 0) into mine, "mineUnread" from (select u
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationId" = organization and coalesce(c."assigneeId", 0) = me
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
    select count(*), count(*) filter (where u > 0) into unassigned, "unassignedUnread" from (select u
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationId" = organization and coalesce(c."assigneeId", 0) = 0
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
    select count(*) into "all" from (select
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationId" = organization
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
  elsif exists (select from "OrganizationPhone" p where p.id = phone and p."organizationId" = organization) then
    select count(*), count(*) filter (where u > 0) into mine, "mineUnread" from (select u
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationPhoneId" = phone and coalesce(c."assigneeId", 0) = me
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
    select count(*), count(*) filter (where u > 0) into unassigned, "unassignedUnread" from (select u
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationPhoneId" = phone and coalesce(c."assigneeId", 0) = 0
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
    select count(*) into "all" from (select
      from unnest(statuses) s(status) cross join lateral (select c."unreadCount" u from "Chat" c where c."organizationPhoneId" = phone
        and c.status = s.status and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
  else
    return query select 0, 0, 0, 0, 0, 0;
    return;
  end if;
  select count(*) into "allUnread" from (select
    from unnest(statuses) s(status) cross join lateral (select from "Chat" c where c."organizationId" = organization
      and c."unreadCount" > 0 and coalesce(phone, c."organizationPhoneId") = c."organizationPhoneId" and c.status = s.status
      and c."mergedIntoId" is null order by c."lastMessageAt" desc, c.id desc limit most) c limit most) t;
  return next;
end $$;
