-- How many people a limit of Meta's allows: `TIER_2K`, `TIER_UNLIMITED` or a count, of which -1 is no limit. Null for any other.
create or replace function limit_rank(meta_limit text) returns numeric language sql immutable as $$
  select case when meta_limit in ('TIER_UNLIMITED', '-1') then 'infinity'::numeric
    when meta_limit ~ '^(TIER_)?\d{1,9}K?$' then substring(meta_limit from '\d+')::numeric * case when meta_limit like '%K' then 1000 else 1 end
  end
$$;
