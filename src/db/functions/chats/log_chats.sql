-- Gives chats their next number as `chat.updated`. The caller holds their locks.
create or replace function log_chats(changed int[], agent int default null) returns void language plpgsql as $$
#variable_conflict use_column
begin
  perform note_identity_outcome(array['chats', c.id::text], to_jsonb(c.head)) from "Chat" c where c.id = any(changed);
  insert into "ChatEvent" ("chatId", seq, event, "agentId") select c.id, c.head + 1, 'chat.updated', agent from "Chat" c where c.id = any(changed);
  update "Chat" c set head = c.head + 1 where c.id = any(changed);
end $$;
