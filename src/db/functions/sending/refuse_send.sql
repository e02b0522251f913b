-- The reason why a message may not be sent to this chat, as `create_message` returns it; null when it may. `w` is its request, and
-- `refers_to` the wamid it replies or reacts to. The caller holds the chat's lock.
create or replace function refuse_send(w record, chat "Chat", refers_to text) returns json language plpgsql stable as $$
#variable_conflict use_column
declare
  stopped timestamptz;
begin
  if chat.id is null then return json_build_object('kind', 'no_chat'); end if;
  if w."freeText" and chat."lastInboundAt" + interval '24 hours' <= w."createdAt" then
    return json_build_object('kind', 'window_closed', 'chatId', chat.id, 'lastInboundAt', rfc3339(chat."lastInboundAt"));
  end if;
  if w."isMarketing" then
    select k."marketingStoppedAt" into stopped from "Contact" k where k.id = chat."contactId";
    if stopped is not null then
      return json_build_object('kind', 'marketing_stopped', 'chatId', chat.id, 'stoppedAt', rfc3339(stopped));
    end if;
  end if;
  if w."replyToMessageId" is not null and refers_to is null then
    return json_build_object('kind', 'no_reply_target');
  end if;
  if w."reactsTo" is not null and not exists (select from "Message" r where r."organizationPhoneId" = w."organizationPhoneId"
      and r.wamid = w."reactsTo" and r."chatId" = chat.id) then
    return json_build_object('kind', 'no_reaction_target');
  end if;
  -- The numbers of a chat that was merged into this one say nothing here.
  if w."seenSeq" < chat.head and coalesce(w."chatId", chat.id) = chat.id then
    return moved_on(chat, w."agentId", w."seenSeq");
  end if;
  return null;
end $$;
