-- How "Erasure" names what was erased: a person's `id` (phone or user id), a `wamid`, or the hash of a stored `event`.
create or replace function erasure_hash(kind text, value text) returns text language sql immutable as $$
  select encode(sha256(convert_to(kind || ' ' || value, 'UTF8')), 'hex')
$$;
