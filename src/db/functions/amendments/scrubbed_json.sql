-- What is left of a deleted message in `amendable_json`.
create or replace function scrubbed_json() returns jsonb language sql immutable as $$
  select '{"body": "[deleted]", "content": null}'::jsonb
$$;
