-- The key of the advisory lock for one wamid of a business number; null without a wamid. Casts, not `concat`, which is not
-- immutable: Postgres would not inline it.
create or replace function wamid_lock(phone int, wamid text) returns bigint language sql immutable as $$
  select hashtextextended(phone::text || ' ' || wamid, 0)
$$;
