-- Whether a name or username that was seen at `seen_at` replaces the one that a contact has since `known_at`: the newer of the
-- two by Meta's time; at the same time the smaller, so that every order of arrival ends alike. False when none was seen.
create or replace function is_newer_name(seen_at timestamptz, seen text, known_at timestamptz, known text) returns bool
  language sql immutable as $$
  select seen_at is not null and (known_at is null or (seen_at, known) > (known_at, seen))
$$;
