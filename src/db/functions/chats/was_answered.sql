-- Whether the team has answered in the phone's own app since a customer wrote at `written`, and so has read it there. An automatic
-- answer of the app comes at once: nobody reads and writes within these five seconds. An answer of an agent has an `agentId`; its
-- echo has none, and may be there first: see `may_be_echo`.
create or replace function was_answered(chat int, written timestamptz) returns boolean language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return exists (select from "Message" m where m."chatId" = chat and m."createdAt" > written + interval '5 seconds'
    and is_app_answer(m."fromMe", m."agentId", m."isHistory", m.amends, m."messageType")
    and not may_be_echo(chat, m.id, m."messageType", m.body));
end $$;
