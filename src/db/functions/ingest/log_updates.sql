-- Gives the next numbers of their chats to changed messages, writes the log, and returns the events. The caller holds
-- the chats' locks.
create or replace function log_updates(changed int[]) returns "IngestedEvent"[] language plpgsql as $$
#variable_conflict use_column
declare
  events "IngestedEvent"[];
begin
  with n as (
    select m.id, m."chatId", c.head + row_number() over (partition by m."chatId" order by m.id)::int seq
    from "Message" m join "Chat" c on c.id = m."chatId" where m.id = any(changed)),
  log as (insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.updated', id from n),
  top as (update "Chat" c set head = t.seq from (select "chatId", max(seq) seq from n group by 1) t where c.id = t."chatId")
  select array_agg(row("chatId", seq, 'message.updated', id, true)::"IngestedEvent") into events from n;
  return coalesce(events, '{}');
end $$;
