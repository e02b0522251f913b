-- The text-search query that matches when all of these do; null for none.
create or replace function all_of(parts tsquery[]) returns tsquery language sql immutable as $$
  select string_agg('(' || p::text || ')', ' & ')::tsquery from unnest(parts) p
$$;
