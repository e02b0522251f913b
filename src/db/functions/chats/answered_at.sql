-- When the team last answered in the phone's own app: see `was_answered`. Null when it did not since the customer wrote the oldest of
-- the newest `unread` messages: an earlier answer has read none of them, and the whole chat would be read to find it.
-- What may be the echo of an agent's message answers nothing.
create or replace function answered_at(chat int, unread int) returns timestamptz language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  since timestamptz;
begin
  if unread = 0 then return null; end if;
  since := (select case when count(*) < unread then '-infinity' else min(u."createdAt") end from (select m."createdAt" from "Message" m where m."chatId" = chat
    and counts_as_unread(m."fromMe", m.amends, m."isHistory", m."messageType") order by m."createdAt" desc limit unread) u);
  return (select max(m."createdAt") from "Message" m where m."chatId" = chat and m."createdAt" >= since
    and is_app_answer(m."fromMe", m."agentId", m."isHistory", m.amends, m."messageType")
    and not may_be_echo(chat, m.id, m."messageType", m.body));
end $$;
