-- Whether a message that looks written in the phone's own app may be the echo of an agent's message whose wamid is not known yet: see
-- `release_echo`. It is not where it was stored before that message, is another text, or is a file, a place or a contact where that is
-- something else. Of any other type nobody knows what its echo looks like. Texts are compared as search does, without white space: Meta may
-- trim it.
create or replace function may_be_echo(chat int, message int, message_type text, body text) returns boolean language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  plain text[] := '{text,image,video,audio,document,sticker,location,contacts}';
begin
  return exists (select from "Message" m where m."chatId" = chat and m.status in ('queued', 'sending', 'unknown') and m.status <> 'queued'
    and m.id < message and m.wamid is null and m."agentId" is not null and m.amends is null
    and case when m."messageType" <> message_type then not (m."messageType" = any(plain) and message_type = any(plain))
      when message_type = 'text' then regexp_replace(fold_text(m.body), '\s', '', 'g') = regexp_replace(fold_text(may_be_echo.body), '\s', '', 'g')
      else true end);
end $$;
