-- Gives up an echo that was faster than what identifies the message of ours that it repeats: the row becomes one that lists leave out
-- (`amends` is `echo`), without the wamid, and what was attached to it waits again, for the caller to attach it to the message. Locks
-- the echo's chat. Returns its id, for the caller to log; null when `stored` is no echo, but a message that an agent sent.
create or replace function release_echo(stored int) returns int language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  chat int;
begin
  select c.id into chat from "Chat" c where c.id = (select m."chatId" from "Message" m where m.id = stored) for no key update;
  update "Message" m set amends = 'echo', "refersTo" = m.wamid, wamid = null
  where m.id = stored and m."fromMe" and m."agentId" is null and m.wamid is not null;
  if not found then return null; end if;
  delete from "MessageSearch" s where s."messageId" = stored;
  update "MessageStatus" s set "messageId" = null, seq = null where s."messageId" = stored;
  update "Message" m set "replyToMessageId" = null where m."replyToMessageId" = stored;
  perform refresh_preview(array[chat]) from "Chat" c where c.id = chat and c."lastMessageId" = stored;
  return stored;
end $$;
