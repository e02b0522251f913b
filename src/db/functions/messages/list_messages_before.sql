-- The messages of a chat before the `anchor` (null: from the newest on) in display order, nearest first: at most `row_limit`,
-- and none after `byte_limit` bytes are reached. Reactions, edits and revokes are left out. `bytes` is each one's size, with
-- Meta's object when `with_payloads`. Returns one row of nulls when the organization has no such chat, or the chat no such
-- message; no row is an empty page.
create or replace function list_messages_before(
  organization int, chat int, anchor int, row_limit int, byte_limit int, with_payloads bool)
returns table(bytes int, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  at timestamptz;
  number int;
  in_group bool;
begin
  select coalesce(a."createdAt", case when anchor is null then 'infinity'::timestamptz end), coalesce(a.seq, 0), is_group(c) into at, number, in_group
  from "Chat" c left join "Message" a on a.id = anchor and a."chatId" = c.id
  where c.id = chat and c."organizationId" = organization;
  if at is null then return query select null::int, null::"MessageRow"; return; end if;
  return query select w.bytes, case when in_group then named_message(w.row) else w.row end from (
    select p.*, sum(p.bytes) over (order by p."createdAt" desc, p.seq desc rows unbounded preceding) as total from (
      select r."createdAt", r.seq, r as row,
        message_bytes(r.body, r.content, r.reactions,
          case when with_payloads then (select o.payload from "Message" o where o.id = r.id) end) as bytes
      from "MessageRow" r where r."chatId" = chat and r.amends is null and (r."createdAt", r.seq) < (at, number)
      order by r."createdAt" desc, r.seq desc limit row_limit) p) w
  where w.total - w.bytes < byte_limit order by w."createdAt" desc, w.seq desc;
end $$;
