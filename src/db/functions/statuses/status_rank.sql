-- The order of delivery statuses: of two the later in this list wins, whichever came first; an unknown status ranks 0. The
-- same list is in domain/delivery-status.ts.
create or replace function status_rank(status text) returns int language sql immutable as $$
  select coalesce(array_position(array['queued', 'sending', 'unknown', 'unconfirmed', 'accepted', 'sent', 'failed',
    'delivered', 'read', 'played'], status), 0)
$$;
