-- All that may be a person's id in a text: runs of digits, and user ids.
create or replace function mentioned_ids(content text) returns text[] language sql immutable as $$
  select array(select distinct m[1] from regexp_matches(content, '([A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]+|\d{5,20})', 'g') m)
$$;
