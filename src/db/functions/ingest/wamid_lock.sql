-- The key of the advisory lock for one wamid of a business number.
create or replace function wamid_lock(phone int, wamid text) returns bigint language sql immutable as $$
  select hashtextextended(concat(phone, ' ', wamid), 0)
$$;
