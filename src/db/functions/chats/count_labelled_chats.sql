-- The part of `count_chats` for chats with a label: reads all chats that have it, which an index of the labels finds.
create or replace function count_labelled_chats(organization int, label int, phone int, wanted text, me int, most int)
returns table(mine int, "mineUnread" int, unassigned int, "unassignedUnread" int, "all" int, "allUnread" int) language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_bitmapscan = on set enable_seqscan = off as $$
#variable_conflict use_column
begin
  return query
    with labelled as materialized (
      select c."organizationId", c."organizationPhoneId", c.status, coalesce(c."assigneeId", 0) who, c."unreadCount" > 0 as unread, c."mergedIntoId"
      from "Chat" c where c."labelIds" @> array[label] and c."labelIds" <> '{}'),
    counted as (
      select count(*) filter (where who = me) a, count(*) filter (where who = me and unread) b, count(*) filter (where who = 0) c,
        count(*) filter (where who = 0 and unread) d, count(*) e, count(*) filter (where unread) f from labelled l
      where l."organizationId" = organization and coalesce(phone, l."organizationPhoneId") = l."organizationPhoneId"
        and coalesce(wanted, l.status) = l.status and l."mergedIntoId" is null)
    select least(a, most)::int, least(b, most)::int, least(c, most)::int, least(d, most)::int, least(e, most)::int, least(f, most)::int
    from counted;
end $$;
