-- The ids of a phone's files that are due to be fetched at `at`, the longest waiting first, at most `row_limit`. Without a sort, so that
-- Postgres reads them in the order of their index and stops.
create or replace function due_files(phone int, at timestamptz, row_limit int) returns setof int language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
  return query select f.id from "Media" f where f."organizationPhoneId" = phone and f.state in ('pending', 'retrying')
    and f."nextAttemptAt" <= at order by f."nextAttemptAt", f.id limit row_limit;
end $$;
