-- Removes the raw webhooks that were received before `horizon`, whether they were applied or not: of the `row_limit` rows after
-- `from_id`, in the order of their ids, those before the first that is kept. Returns how many were removed, and the last of them.
create or replace function expire_webhooks(horizon timestamptz, from_id bigint, row_limit int)
returns table(removed int, "position" bigint) language sql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off as $$
  with first as materialized (
    select e.id, bool_and(e."receivedAt" < horizon) over (order by e.id) as is_old
    from (select e.id, e."receivedAt" from "WebhookEvent" e where e.id > from_id order by e.id limit row_limit) e),
  gone as (delete from "WebhookEvent" e using first f where e.id = f.id and f.is_old returning e.id)
  select (select count(*)::int from gone), coalesce((select max(g.id) from gone g), from_id)
$$;
