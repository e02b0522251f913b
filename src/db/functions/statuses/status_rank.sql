-- One batch of what Meta told us → rows, numbers, and what to publish. One call is one transaction and one round trip.
--
-- READ COMMITTED, and separate statements: a statement sees what was committed when it began, so taking a lock and
-- reading what the lock's previous holder wrote must be two statements. Inside one CTE the read would miss it.

-- One order for the life of a message: of two states the later in this list wins, whichever came first. Unknown words
-- rank 0. The same list stands in domain/delivery-status.ts.
create or replace function status_rank(status text) returns int language sql immutable as $$
  select coalesce(array_position(array['queued', 'sending', 'unknown', 'unconfirmed', 'accepted', 'sent', 'failed',
    'delivered', 'read', 'played'], status), 0)
$$;
