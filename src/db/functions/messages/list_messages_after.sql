-- The messages of a chat after the `anchor` (including it when `inclusive`) in display order: at most `row_limit`. Otherwise
-- like `list_messages_before`.
create or replace function list_messages_after(organization int, chat int, anchor int, inclusive bool, row_limit int)
returns setof "MessageRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  at timestamptz;
  number int;
begin
  select a."createdAt", a.seq - inclusive::int into at, number
  from "Chat" c join "Message" a on a.id = anchor and a."chatId" = c.id
  where c.id = chat and c."organizationId" = organization;
  if at is null then return query select (null::"MessageRow").*; return; end if;
  return query select r.* from "MessageRow" r
    where r."chatId" = chat and r.amends is null and (r."createdAt", r.seq) > (at, number)
    order by r."createdAt", r.seq limit row_limit;
end $$;
