-- How many of a customer's messages an answer in the phone's own app, written at `answered`, leaves unread: see `was_answered`. Null
-- when there is no answer.
create or replace function unanswered_count(chat int, answered timestamptz) returns int language plpgsql stable strict
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return (select count(*) from "Message" m where m."chatId" = chat and not m."fromMe" and m.amends is null
    and m."createdAt" >= answered - interval '5 seconds' and not m."isHistory");
end $$;
