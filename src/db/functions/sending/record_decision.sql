-- What an agent decided about a message of ours whose fate nobody knows, or that has failed: kept in the chat's log, which
-- no later status rewrites; and in its error, until a status tells better. The caller holds the chat's lock.
create or replace function record_decision(message int, decision jsonb, said jsonb, agent int) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_column
declare
  event "IngestedEvent";
begin
  update "Message" o set error = coalesce(o.error, '{"metaCode": null, "detail": null, "fbtraceId": null}') || said where o.id = message;
  update "Chat" c set head = c.head + 1 from "Message" o where o.id = message and c.id = o."chatId" returning c.id, c.head into event."chatId", event.seq;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId", data)
  values (event."chatId", event.seq, 'message.updated', message, agent, decision);
  event.event := 'message.updated'; event."messageId" := message; event."isNew" := true;
  return event;
end $$;
