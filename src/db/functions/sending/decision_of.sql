-- The decision that was taken before: `{"resentAs": id}`, `{"discarded": true}`, or null. It may stand in the log of the
-- chat that the message was in then.
create or replace function decision_of(m "Message") returns jsonb language sql stable as $$
  select e.data from "ChatEvent" e where e."messageId" = m.id and (e.data ? 'resentAs' or e.data ? 'discarded') limit 1
$$;
