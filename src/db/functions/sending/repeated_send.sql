-- The message that an agent created earlier under an idempotency key, as `create_message` returns it; null when the key is
-- new, or null.
create or replace function repeated_send(agent int, key text, request_fingerprint text) returns json language plpgsql stable as $$
#variable_conflict use_column
declare
  first "Message";
begin
  select * into first from "Message" o where o."agentId" = agent and o."idempotencyKey" = key;
  if not found then return null; end if;
  return json_build_object('kind', 'repeated', 'sameRequest', first.fingerprint = request_fingerprint,
    'organizationPhoneId', first."organizationPhoneId", 'message', (select to_json(r) from "MessageRow" r where r.id = first.id));
end $$;
