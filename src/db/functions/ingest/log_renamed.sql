-- Numbers and logs that chats show another name, and gives the events. The caller holds their locks.
create or replace function log_renamed(renamed int[]) returns "IngestedEvent"[] language plpgsql as $$
declare
  events "IngestedEvent"[];
begin
  with n as materialized (select c.id, c.head + 1 seq from "Chat" c where c.id = any(renamed)),
  logged as (insert into "ChatEvent" ("chatId", seq, event) select n.id, n.seq, 'chat.updated' from n),
  advanced as (update "Chat" c set head = n.seq from n where c.id = n.id)
  select array_agg(row(n.id, n.seq, 'chat.updated', null, true)::"IngestedEvent") into events from n;
  return coalesce(events, '{}');
end $$;
