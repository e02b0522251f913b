-- When the team last answered in the phone's own app: see `was_answered`. Null when it never did.
create or replace function answered_at(chat int) returns timestamptz language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return (select max(m."createdAt") from "Message" m where m."chatId" = chat
    and is_app_answer(m."fromMe", m."agentId", m."isHistory", m.amends, m."messageType"));
end $$;
