-- How many of a chat's `unread` messages an answer in the phone's own app, written at `answered`, leaves unread: see `was_answered`.
-- Null when there is no answer. A late answer does not read the chat: no more than `unread` are counted.
create or replace function unanswered_count(chat int, unread int, answered timestamptz) returns int language plpgsql stable strict
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return (select count(*) from (select from "Message" m where m."chatId" = chat
    and counts_as_unread(m."fromMe", m.amends, m."isHistory", m."messageType") and m."createdAt" >= answered - interval '5 seconds' order by m."createdAt" desc limit unread) m);
end $$;
