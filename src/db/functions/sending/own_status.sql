-- The data of the event by which the Sender sets a status, with Graph's answer to the attempt, for the trace.
create or replace function own_status(status text, attempt jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object('status', status, 'at', rfc3339(now()), 'by', 'us', 'attempt', attempt)
$$;
