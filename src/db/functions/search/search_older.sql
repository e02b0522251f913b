-- The ids of the organization's messages that match `wanted`, newest first after a position, at most `row_limit`, by the index of
-- the words. Only `looked_up`, a part of `wanted`, is looked up there, and the rest is checked on the rows: the index reads all that
-- begins with a word, so a frequent one is dear.
--
-- Every message has a lexeme of its organization and day: the search goes back a week, two months, and ends with the page; then it
-- reads all that is older.
create or replace function search_older(organization int, looked_up tsquery, wanted tsquery, after_at timestamptz, after_id int,
  row_limit int) returns int[] language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  found int[] := '{}';
  day bigint := extract(epoch from least(after_at, now() + interval '1 day'))::bigint / 86400;
  span int;
  days tsquery;
begin
  foreach span in array array[7, 60, null] loop
    if span is null then
      days := quote_literal('@' || organization)::tsquery;
    else
      select string_agg(quote_literal('@' || organization || '.' || d), ' | ')::tsquery into days
      from generate_series(day - span + 1, day) d;
    end if;
    found := found || array(
      select n."messageId" from (
        select s."messageId", s."createdAt", s.lexemes from "MessageSearch" s where s.lexemes @@ (days && looked_up) offset 0) n
      where n.lexemes @@ wanted and (n."createdAt", n."messageId") < (after_at, after_id)
        and (span is not null or n."createdAt" < to_timestamp((day + 1) * 86400))
      order by n."createdAt" desc, n."messageId" desc limit row_limit - cardinality(found));
    exit when cardinality(found) >= row_limit;
    day := day - span;
  end loop;
  return found;
end $$;
