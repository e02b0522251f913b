-- Gives up an echo that was faster than what identifies `message`, the one of ours that it repeats: the row becomes one that lists leave out
-- (`amends` is `echo`), without the wamid, and what was attached to it waits again, for the caller to attach it to the message. Its file
-- becomes the message's, or goes where the message has its own. Locks the echo's chat, where the caller has not. Returns the ids of what
-- the caller is to log: the echo, and what in another chat than the message's no longer shows what it replied to; null when `stored` is no
-- echo, but a message that an agent sent.
create or replace function release_echo(stored int, message int) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  chat int;
  file int;
  replies int[];
begin
  select c.id into chat from "Chat" c where c.id = (select m."chatId" from "Message" m where m.id = stored) for no key update;
  file := (select m."mediaId" from "Message" m where m.id = stored);
  update "Message" m set amends = 'echo', "refersTo" = m.wamid, wamid = null, "mediaId" = null
  where m.id = stored and m."fromMe" and m."agentId" is null and m.wamid is not null;
  if not found then return null; end if;
  if file is not null then
    update "Message" m set "mediaId" = file where m.id = message and m."mediaId" is null;
    perform erase_files(array[file]);
  end if;
  delete from "MessageSearch" s where s."messageId" = stored;
  update "MessageStatus" s set "messageId" = null, seq = null where s."messageId" = stored;
  with unlinked as (
    update "Message" m set "replyToMessageId" = null where m."replyToMessageId" = stored returning m.id)
  select array_agg(u.id) into replies from unlinked u;
  perform refresh_preview(array[chat]) from "Chat" c where c.id = chat and c."lastMessageId" = stored;
  -- Those in the message's chat are linked to it, and logged.
  return stored || case when chat <> (select m."chatId" from "Message" m where m.id = message) then replies end;
end $$;
