-- An earlier decision about a message: `{"resentAs": id}`, `{"discarded": true}`, or null. It may be in the log of the chat
-- that the message was in then.
create or replace function decision_of(m "Message") returns jsonb language sql stable as $$
  select e.data from "ChatEvent" e where e."messageId" = m.id and (e.data ? 'resentAs' or e.data ? 'discarded') limit 1
$$;
