-- The reason why a message may not be sent to this chat, as `create_message` returns it; null when it may. The caller holds
-- the chat's lock.
create or replace function refuse_send(m json, wanted "Message", chat "Chat") returns json language plpgsql stable as $$
#variable_conflict use_column
declare
  stopped timestamptz;
begin
  if chat.id is null then return json_build_object('kind', 'no_chat'); end if;
  if (m->>'freeText')::bool and chat."lastInboundAt" + interval '24 hours' <= wanted."createdAt" then
    return json_build_object('kind', 'window_closed', 'chatId', chat.id, 'lastInboundAt', rfc3339(chat."lastInboundAt"));
  end if;
  if (m->>'isMarketing')::bool then
    select k."marketingStoppedAt" into stopped from "Contact" k where k.id = chat."contactId";
    if stopped is not null then
      return json_build_object('kind', 'marketing_stopped', 'chatId', chat.id, 'stoppedAt', rfc3339(stopped));
    end if;
  end if;
  if wanted."replyToMessageId" is not null and wanted."refersTo" is null then
    return json_build_object('kind', 'no_reply_target');
  end if;
  if m->>'reactsTo' is not null and not exists (select from "Message" r where r."organizationPhoneId" = wanted."organizationPhoneId"
      and r.wamid = m->>'reactsTo' and r."chatId" = chat.id) then
    return json_build_object('kind', 'no_reaction_target');
  end if;
  -- The numbers of a chat that was merged into this one say nothing here.
  if m->>'seenSeq' is not null and coalesce(wanted."chatId", chat.id) = chat.id then
    return moved_on(chat, wanted."agentId", (m->>'seenSeq')::int);
  end if;
  return null;
end $$;
