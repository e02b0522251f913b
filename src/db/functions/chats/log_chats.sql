-- Logs a `chat.updated` in each of the chats, under its next number, with what changed (`data`) and who did it; returns the
-- events. The caller holds the chats' locks.
create or replace function log_chats(changed int[], agent int default null, data jsonb default null) returns "IngestedEvent"[]
  language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  events "IngestedEvent"[];
begin
  with next as materialized (select c.id, c.head + 1 seq from "Chat" c where c.id = any(changed)),
  logged as (
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data)
    select n.id, n.seq, 'chat.updated', agent, data from next n),
  advanced as (update "Chat" c set head = n.seq from next n where c.id = n.id)
  select array_agg(row(n.id, n.seq, 'chat.updated', null, true)::"IngestedEvent") into events from next n;
  return coalesce(events, '{}');
end $$;
