-- About how many bytes a message takes in an answer, for pages that are bounded in bytes: its texts, Meta's object when that is part
-- of the answer (otherwise null), and 600 for the other fields. Without a sub-select, so that Postgres inlines it.
create or replace function message_bytes(body text, content json, reactions jsonb, payload json) returns int
language sql stable as $$
  select 600 + coalesce(octet_length(body), 0) + coalesce(octet_length(content::text), 0) + coalesce(pg_column_size(reactions), 0)
    + coalesce(octet_length(payload::text), 0)
$$;
