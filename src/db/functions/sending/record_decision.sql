-- Records an agent's decision about a message of ours whose delivery is unknown, or that has failed: in the chat's log, which
-- no later status rewrites; and in its error, until a status replaces it. The caller holds the chat's lock.
create or replace function record_decision(message int, decision jsonb, error_text jsonb, agent int) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_column
declare
  event "IngestedEvent";
begin
  update "Message" o set error = coalesce(o.error, '{"metaCode": null, "detail": null, "fbtraceId": null}') || error_text where o.id = message;
  update "Chat" c set head = c.head + 1 from "Message" o where o.id = message and c.id = o."chatId" returning c.id, c.head into event."chatId", event.seq;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId", data)
  values (event."chatId", event.seq, 'message.updated', message, agent, decision);
  event.event := 'message.updated'; event."messageId" := message; event."isNew" := true;
  return event;
end $$;
