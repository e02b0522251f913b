-- The key of an organization's advisory lock on who wants marketing. Whoever makes a contact shares it, whoever stores a choice
-- holds it alone: so one of the two finds the other. One key for all, since a transaction has room for some 14,000 locks, and an
-- operator may insert more contacts than that at once.
create or replace function marketing_lock(organization int) returns bigint language sql immutable as $$
  select hashtextextended(concat('marketing ', organization), 0)
$$;
