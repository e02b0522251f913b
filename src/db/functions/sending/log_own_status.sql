-- Logs a status that the Sender sets on a message, with Graph's answer to the attempt, for the trace. The caller holds the
-- chat's lock; `chat` was read under it.
create or replace function log_own_status(chat "Chat", message int, status text, attempt jsonb) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_column
declare
  event "IngestedEvent" := row(chat.id, chat.head + 1, 'message.updated', message, true);
begin
  update "Chat" c set head = event.seq where c.id = chat.id;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", data)
  values (chat.id, event.seq, event.event, message,
    jsonb_build_object('status', status, 'at', rfc3339(now()), 'by', 'us', 'attempt', attempt));
  return event;
end $$;
