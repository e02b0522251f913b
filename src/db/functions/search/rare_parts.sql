-- Of a query's parts (`search_query`) those that few of the organization's next messages after a position match, as one query; null
-- when none is rare. A query of one part is taken as rare.
create or replace function rare_parts(organization int, parts tsquery[], after_at timestamptz, after_id int) returns tsquery
  language plpgsql stable set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  if cardinality(parts) = 1 then return parts[1]; end if;
  return (
    with next as materialized (
      select s.lexemes from "MessageSearch" s
      where s."organizationId" = organization and (s."createdAt", s."messageId") < (after_at, after_id)
      order by s."createdAt" desc, s."messageId" desc limit 1000)
    select all_of(array_agg(p.part) filter (where (select count(*) filter (where n.lexemes @@ p.part) from next n) <= 10))
    from unnest(parts) p(part));
end $$;
