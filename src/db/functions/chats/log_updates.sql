-- Logs a `message.updated` for each changed message, under the next number of its chat, and returns the events. The caller
-- holds the chats' locks.
create or replace function log_updates(changed int[]) returns "IngestedEvent"[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  events "IngestedEvent"[];
begin
  if changed = '{}' then return '{}'; end if;
  with n as materialized (
    select m.id, m."chatId", c.head + row_number() over (partition by m."chatId" order by m.id)::int seq
    from "Message" m join "Chat" c on c.id = m."chatId" where m.id = any(changed)),
  logged as (
    insert into "ChatEvent" ("chatId", seq, event, "messageId")
    select n."chatId", n.seq, 'message.updated', n.id from n),
  advanced as (
    update "Chat" c set head = t.head
    from (select n."chatId", max(n.seq) head from n group by n."chatId") t where c.id = t."chatId")
  select array_agg(row(n."chatId", n.seq, 'message.updated', n.id, true)::"IngestedEvent") into events from n;
  return coalesce(events, '{}');
end $$;
