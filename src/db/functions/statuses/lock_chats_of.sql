-- Locks the chats of messages, in order. A merge may have moved a message to another chat while we waited: then that one is locked.
create or replace function lock_chats_of(messages int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  chats int[];
begin
  loop
    chats := array(select m."chatId" from "Message" m where m.id = any(messages));
    perform from "Chat" c where c.id = any(chats) order by c.id for no key update;
    exit when not exists (select from "Message" m where m.id = any(messages) and m."chatId" <> all(chats));
  end loop;
end $$;
