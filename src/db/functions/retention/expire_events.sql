-- Removes the events that are older than `horizon` from the logs of `chat_limit` chats after `from_chat`, in the order of their
-- ids, and at most `row_limit` of them. Of each log it removes the first ones, never one from its middle, so that what is left is
-- gapless. Returns how many were removed, and after which chat to continue: 0 when that was the last one.
create or replace function expire_events(horizon timestamptz, from_chat bigint, chat_limit int, row_limit int)
returns table(removed int, "position" bigint) language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  chat int;
  last_old int;
  gone int;
begin
  removed := 0;
  "position" := from_chat;
  for chat in select c.id from "Chat" c where c.id > from_chat order by c.id limit chat_limit loop
    -- Most logs begin with an event that is kept: then that is all there is to read.
    if (select e."createdAt" < horizon from "ChatEvent" e where e."chatId" = chat order by e.seq limit 1) then
      select max(w.seq) into last_old from (
        select e.seq, bool_and(e."createdAt" < horizon) over (order by e.seq) as is_old from (
          select e.seq, e."createdAt" from "ChatEvent" e where e."chatId" = chat order by e.seq limit row_limit - removed) e) w
      where w.is_old;
      delete from "ChatEvent" e where e."chatId" = chat and e.seq <= last_old;
      get diagnostics gone = row_count;
      removed := removed + gone;
      -- The next call looks at what is left of this log.
      exit when removed >= row_limit;
    end if;
    "position" := chat;
  end loop;
  if removed < row_limit and not exists (select from "Chat" c where c.id > expire_events."position") then "position" := 0; end if;
  return next;
end $$;
