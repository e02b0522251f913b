-- Whether Meta may have an agent's message of a chat whose wamid is not known yet. What looks written in the phone's own app meanwhile may be
-- the echo of this message: see `release_echo`.
create or replace function awaits_wamid(chat int) returns boolean language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return exists (select from "Message" m where m."chatId" = chat and m.status in ('queued', 'sending', 'unknown') and m.status <> 'queued'
    and m.wamid is null and m."agentId" is not null);
end $$;
