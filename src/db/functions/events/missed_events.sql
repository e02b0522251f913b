-- The events that a client which has seen a chat's log up to `after` has missed, in one snapshot: ascending, each with the
-- current row of the message it changed (null: it changed the chat alone). Of more than `row_limit` events it returns the
-- first ones, or with `newest` the last ones. Every row has the chat's `head` and the database's `epoch`; the last one also
-- has the chat's row. A client that has missed nothing gets one row without an event. No row: there is no such chat, or not in
-- this organization (null: in any organization).
create or replace function missed_events(organization int, chat int, after bigint, row_limit int, newest bool)
returns table(head int, epoch text, "eventSeq" int, event text, "chatRow" json, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  first bigint;
  last bigint;
begin
  select c.head, o.epoch into head, epoch from "Chat" c, "Epoch" o
  where c.id = chat and (organization is null or c."organizationId" = organization);
  if head is null then return; end if;
  if head <= after then return next; return; end if;
  first := case when newest then greatest(after, head - row_limit) else after end;
  last := least(head, first + row_limit);
  return query select missed_events.head, missed_events.epoch, e.seq, e.event,
      case when e.seq = last then (select to_json(r) from "ChatRow" r where r.id = chat) end, m
    from "ChatEvent" e left join "MessageRow" m on m.id = e."messageId"
    where e."chatId" = chat and e.seq > first and e.seq <= last order by e.seq;
end $$;
