-- The ids of the organization's messages that match all `parts` of a query (`search_query`), newest first by Meta's time, after a
-- position (`after_at`, `after_id`), at most `row_limit`.
--
-- The index of the words has no order, and the beginning of a frequent word is in half of it. So the newest `walk` messages are
-- read in their order: a frequent word fills the page there. What that leaves is rare, and is looked up (`search_older`); where only
-- all the words together are rare, five times as many are read first.
create or replace function find_messages(organization int, parts tsquery[], after_at timestamptz, after_id int, row_limit int, walk int)
returns int[] language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  wanted tsquery := all_of(parts);
  rare tsquery;
  found int[] := '{}';
begin
  foreach walk in array array[walk, 5 * walk] loop
    found := found || array(select n."messageId" from (
        select s."messageId", s.lexemes from "MessageSearch" s
        where s."organizationId" = organization and (s."createdAt", s."messageId") < (after_at, after_id)
        order by s."createdAt" desc, s."messageId" desc limit walk) n
      where n.lexemes @@ wanted limit row_limit - cardinality(found));
    exit when cardinality(found) >= row_limit;
    if walk > 0 then
      select s."createdAt", s."messageId" into after_at, after_id from "MessageSearch" s
      where s."organizationId" = organization and (s."createdAt", s."messageId") < (after_at, after_id)
      order by s."createdAt" desc, s."messageId" desc offset walk - 1 limit 1;
    end if;
    exit when after_at is null; -- All are read.
    rare := rare_parts(organization, parts, after_at, after_id);
    exit when rare is not null;
  end loop;
  if cardinality(found) < row_limit and after_at is not null then
    found := found || search_older(organization, coalesce(rare, wanted), wanted, after_at, after_id, row_limit - cardinality(found));
  end if;
  return found;
end $$;
