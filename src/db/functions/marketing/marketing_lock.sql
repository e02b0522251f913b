-- The key of an organization's advisory lock on marketing preferences: shared by transactions that create a contact, exclusive
-- for those that store a preference, so that one of two concurrent ones sees the other. One key per organization: a
-- transaction has room for some 14,000 locks, and an operator may insert more contacts than that at once.
create or replace function marketing_lock(organization int) returns bigint language sql immutable as $$
  select hashtextextended(concat('marketing ', organization), 0)
$$;
