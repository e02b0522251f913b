-- Removes the statuses that were received before `horizon`: of the `row_limit` rows after `from_id`, in the order of their ids, those
-- before the first that is kept. The messages have their status, and those about a payment stay: a later one is judged by them.
-- Returns how many were removed, and the last row that was old enough.
create or replace function expire_statuses(horizon timestamptz, from_id bigint, row_limit int)
returns table(removed int, "position" bigint) language sql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off as $$
  with first as materialized (
    select s.id, s.payment is null as is_removed, bool_and(s."receivedAt" < horizon) over (order by s.id) as is_old
    from (select s.* from "MessageStatus" s where s.id > from_id order by s.id limit row_limit) s),
  gone as (
    delete from "MessageStatus" s using first f where s.id = f.id and f.is_old and f.is_removed returning s.id)
  select (select count(*)::int from gone), coalesce((select max(f.id) from first f where f.is_old), from_id)
$$;
