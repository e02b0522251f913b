-- The items of a batch at these positions; null for none of them. All of the batch when `kept` is null.
create or replace function pick_items(items json, kept int[]) returns json language sql immutable as $$
  select case when kept is null then items
    else (select json_agg(items->(k.n - 1) order by k.n) from unnest(kept) k(n)) end
$$;
