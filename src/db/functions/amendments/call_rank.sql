-- How much a report says of a call's outcome: of two the later in this list counts, whichever came first. A call that the
-- customer declined is then reported as ended, too. The same list is in domain/message-content.ts.
create or replace function call_rank(state text) returns int language sql immutable as $$
  select coalesce(array_position(array['ringing', 'missed', 'answered', 'failed', 'rejected', 'ended'], state), 0)
$$;
