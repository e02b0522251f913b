-- Logs a status that the Sender sets on a message as the event `seq` of its chat, with Graph's answer to the attempt, for the
-- trace. The caller holds the chat's lock, and `seq` is the next number.
create or replace function log_own_status(chat int, seq int, message int, status text, attempt jsonb) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_variable
begin
  with logged as (
    insert into "ChatEvent" ("chatId", seq, event, "messageId", data) values (chat, seq, 'message.updated', message,
      own_status(status, attempt)))
  update "Chat" c set head = seq where c.id = chat;
  return row(chat, seq, 'message.updated', message, true)::"IngestedEvent";
end $$;
