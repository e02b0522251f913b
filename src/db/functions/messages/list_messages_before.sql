-- The messages of a chat before the `anchor` (null: from the newest on) in display order, nearest first: at most `row_limit`.
-- Reactions, edits and revokes are left out. Returns one row of nulls when the organization has no such chat, or the chat no
-- such message; no row is an empty page.
create or replace function list_messages_before(organization int, chat int, anchor int, row_limit int)
returns setof "MessageRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  at timestamptz;
  number int;
begin
  select coalesce(a."createdAt", case when anchor is null then 'infinity'::timestamptz end), coalesce(a.seq, 0) into at, number
  from "Chat" c left join "Message" a on a.id = anchor and a."chatId" = c.id
  where c.id = chat and c."organizationId" = organization;
  if at is null then return query select (null::"MessageRow").*; return; end if;
  return query select r.* from "MessageRow" r
    where r."chatId" = chat and r.amends is null and (r."createdAt", r.seq) < (at, number)
    order by r."createdAt" desc, r.seq desc limit row_limit;
end $$;
