-- The key of the advisory lock that stands for one wamid of one of our numbers.
create or replace function wamid_lock(phone int, wamid text) returns bigint language sql immutable as $$
  select hashtextextended(concat(phone, ' ', wamid), 0)
$$;
