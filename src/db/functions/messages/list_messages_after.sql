-- The messages of a chat after the `anchor` (including it when `inclusive`) in display order. Otherwise like
-- `list_messages_before`.
create or replace function list_messages_after(
  organization int, chat int, anchor int, inclusive bool, row_limit int, byte_limit int, with_payloads bool)
returns table(bytes int, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  at timestamptz;
  number int;
  in_group bool;
begin
  select a."createdAt", a.seq - inclusive::int, is_group(c) into at, number, in_group
  from "Chat" c join "Message" a on a.id = anchor and a."chatId" = c.id
  where c.id = chat and c."organizationId" = organization;
  if at is null then return query select null::int, null::"MessageRow"; return; end if;
  return query select w.bytes, case when in_group then named_message(w.row) else w.row end from (
    select p.*, sum(p.bytes) over (order by p."createdAt", p.seq rows unbounded preceding) as total from (
      select r."createdAt", r.seq, r as row,
        message_bytes(r.body, r.content, r.reactions,
          case when with_payloads then (select o.payload from "Message" o where o.id = r.id) end) as bytes
      from "MessageRow" r where r."chatId" = chat and r.amends is null and (r."createdAt", r.seq) > (at, number)
      order by r."createdAt", r.seq limit row_limit) p) w
  where w.total - w.bytes < byte_limit order by w."createdAt", w.seq;
end $$;
