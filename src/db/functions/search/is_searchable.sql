-- Whether a search finds a message by its text: reactions, edits and revokes show on the message that they refer to; a revoked one is
-- not found, nor a placeholder like "[sticker]".
create or replace function is_searchable(amends text, revoked_at timestamptz, body text) returns bool language sql immutable as $$
  select amends is null and revoked_at is null and body !~ '^\[[^\]]*\]$'
$$;
