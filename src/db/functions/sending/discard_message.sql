-- Stops the wait for an unconfirmed message. Returns `no_message`, `not_open`, or `discarded` with the row; repeated, it
-- returns the same and changes nothing.
create or replace function discard_message(original int, organization int, agent int, error_text jsonb) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  o "Message";
  decided jsonb;
  events "IngestedEvent"[] := '{}';
begin
  perform from "Chat" c where c.id = (select b."chatId" from "Message" b where b.id = original) and c."organizationId" = organization
    for no key update;
  if not found then return json_build_object('kind', 'no_message'); end if;
  select * into o from "Message" b where b.id = original;
  if not o."fromMe" or o.status is null then return json_build_object('kind', 'no_message'); end if;
  decided := decision_of(o);
  if decided is null and o.status = 'unconfirmed' then
    events := array[record_decision(original, '{"discarded": true}', error_text, agent)];
  elsif not coalesce(decided ? 'discarded', false) then
    return json_build_object('kind', 'not_open', 'status', o.status);
  end if;
  return json_build_object('kind', 'discarded', 'committed', committed(events),
    'message', (select to_json(r) from "MessageRow" r where r.id = original));
end $$;
