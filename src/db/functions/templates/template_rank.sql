-- The order of template statuses. Meta's times are whole seconds: of two statuses in one second the later in this list wins.
create or replace function template_rank(status text) returns int language sql immutable as $$
  select coalesce(array_position(array['PENDING', 'IN_APPEAL', 'LIMIT_EXCEEDED', 'APPROVED', 'ARCHIVED', 'LOCKED', 'PAUSED',
    'REJECTED', 'DISABLED', 'PENDING_DELETION', 'DELETED'], status), 0)
$$;
