-- About how many bytes a message takes in an answer, for pages that are bounded in bytes: its texts, and 600 for the other
-- fields. `payload_of` is the message's id when Meta's object is part of the answer, otherwise null.
create or replace function message_bytes(body text, content json, reactions jsonb, payload_of int) returns int
language sql stable as $$
  select 600 + coalesce(octet_length(body), 0) + coalesce(octet_length(content::text), 0) + coalesce(pg_column_size(reactions), 0)
    + coalesce((select octet_length(m.payload::text) from "Message" m where m.id = payload_of), 0)
$$;
