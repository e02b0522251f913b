-- The first events that a client which has seen a chat's log up to `after` has missed, in one snapshot: ascending, each with
-- the current row of the message it changed (null: it changed the chat alone) and its activity or note (see `activity_json`, `note_json`; null: it has none). At most `row_limit`, and none after `byte_limit`
-- bytes are reached, with Meta's objects when `with_payloads`. Every row has the chat's `head` and the database's `epoch`; the
-- first one also has the chat's row. A client that has missed nothing gets one row without an event, and so does one whose events
-- were all removed (`expire_events`); where only the first were, those that are left come. No row: there is no such chat, or not in
-- this organization (null: in any organization).
create or replace function missed_events(
  organization int, chat int, after bigint, row_limit int, byte_limit int, with_payloads bool)
returns table(head int, epoch text, "eventSeq" int, event text, "chatRow" json,
  activity json, note json, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  first bigint;
  last bigint;
  in_group bool;
begin
  select c.head, o.epoch, is_group(c) into head, epoch, in_group from "Chat" c, "Epoch" o
  where c.id = chat and (organization is null or c."organizationId" = organization);
  if head is null then return; end if;
  if head <= after then return next; return; end if;
  select e.seq into first from "ChatEvent" e where e."chatId" = chat and e.seq > after order by e.seq limit 1;
  if first is null then return next; return; end if;
  last := least(head, first + row_limit - 1);
  return query select missed_events.head, missed_events.epoch, w.seq, w.event,
      case when w.seq = first then (select to_json(named_chat(r)) from "ChatRow" r where r.id = chat) end,
      w.activity, w.note, case when in_group then named_message(w.row) else w.row end
    from (
      select p.*, sum(p.bytes) over (order by p.seq rows unbounded preceding) as total from (
        select e.seq, e.event, m as row, case when e.data ? 'activity' then activity_json(e) end as activity,
          case when e."noteId" is not null then (select note_json(n) from "ChatNote" n where n.id = e."noteId") end as note,
          message_bytes(m.body, m.content, m.reactions,
          case when with_payloads then (select o.payload from "Message" o where o.id = m.id) end) as bytes
        from "ChatEvent" e left join "MessageRow" m on m.id = e."messageId"
        where e."chatId" = chat and e.seq >= first and e.seq <= last order by e.seq) p) w
    where w.total - w.bytes < byte_limit order by w.seq;
end $$;
