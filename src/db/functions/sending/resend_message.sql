-- Sends a message again as a new one, once: only when its delivery is unconfirmed, or it has failed for one of the `retryable`
-- reasons. Returns what `create_message` returns, or `no_message`, or `not_open`.
create or replace function resend_message(m json, original int, retryable text[], error_text jsonb) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  o "Message";
  made json;
  head int;
  is_repeated bool;
begin
  perform from "Chat" c where c.id = (select b."chatId" from "Message" b where b.id = original)
    and c."organizationId" = (m->>'organizationId')::int for no key update;
  if not found then return json_build_object('kind', 'no_message'); end if;
  select * into o from "Message" b where b.id = original;
  if not o."fromMe" or o.status is null then return json_build_object('kind', 'no_message'); end if;
  is_repeated := exists (select from "Message" k where k."agentId" = wanted."agentId" and k."idempotencyKey" = wanted."idempotencyKey");
  if not is_repeated and (decision_of(o) is not null
      or not (o.status = 'unconfirmed' or o.status = 'failed' and coalesce(o.error->>'code', '') = any(retryable))) then
    return json_build_object('kind', 'not_open', 'status', o.status);
  end if;
  made := create_message(json_build_object('organizationId', m->'organizationId', 'organizationPhoneId', o."organizationPhoneId",
    'agentId', wanted."agentId", 'chatId', o."chatId", 'messageType', o."messageType", 'body', o.body, 'payload', o.payload,
    'content', o.content, 'mediaId', o."mediaId", 'amends', o.amends, 'emoji', o.emoji, 'reactsTo', case when o.amends is not null then o."refersTo" end,
    'freeText', o."messageType" <> 'template', 'replyToMessageId', o."replyToMessageId", 'idempotencyKey', wanted."idempotencyKey",
    'fingerprint', wanted.fingerprint, 'createdAt', m->'createdAt', 'queueLimit', m->'queueLimit'));
  if made->>'kind' <> 'created' then return made; end if;
  select c.head into head from "Chat" c where c.id = o."chatId";
  return json_build_object('kind', 'created', 'organizationPhoneId', o."organizationPhoneId", 'message', made->'message', 'committed', committed(array[
    row(o."chatId", head, 'message.created', (made->'message'->>'id')::int, true)::"IngestedEvent",
    record_decision(original, jsonb_build_object('resentAs', (made->'message'->>'id')::int), error_text, wanted."agentId")]));
end $$;
