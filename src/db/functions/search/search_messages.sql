-- The organization's messages that match a query (`search_query`), newest first by Meta's time, after a position (`after_at`,
-- `after_id`; null: from the start): at most `row_limit`, each with its chat. `words`: which words of the text matched, folded.
--
-- The index has no order, so a frequent word would read all its messages. Every message has a lexeme of its organization and day:
-- the search goes back from the newest day in windows that double, up to four months, and ends with the page; then it reads all that is older.
create or replace function search_messages(organization int, q text, after_at timestamptz, after_id int, row_limit int)
returns table(words text[], chat json, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  wanted tsquery := search_query(q);
  any_word tsquery := replace(wanted::text, ' & ', ' | ')::tsquery;
  found int[] := '{}';
  day bigint := extract(epoch from least(coalesce(after_at, now() + interval '1 day'), now() + interval '1 day'))::bigint / 86400;
  span int := 1;
  days tsquery;
begin
  if wanted is null then return; end if;
  after_at := coalesce(after_at, 'infinity');
  after_id := coalesce(after_id, 0);
  while cardinality(found) < row_limit loop
    if span <= 64 then
      select string_agg(quote_literal('@' || organization || '.' || d), ' | ')::tsquery into days from generate_series(day - span + 1, day) d;
    else
      days := quote_literal('@' || organization)::tsquery;
    end if;
    found := found || array(
      select s."messageId" from "MessageSearch" s where s.lexemes @@ (days && wanted) and (s."createdAt", s."messageId") < (after_at, after_id)
        and (span <= 64 or s."createdAt" < to_timestamp((day + 1) * 86400))
      order by s."createdAt" desc, s."messageId" desc limit row_limit - cardinality(found));
    exit when span > 64;
    day := day - span;
    span := span * 2;
  end loop;
  return query select array(select distinct w from regexp_split_to_table(regexp_replace(fold_text(left(r.body, 4000)), '[^[:alnum:]]+', ' ', 'g'), ' ') w
      where w <> '' and to_tsvector('simple', w) @@ any_word limit 50), (select to_json(c) from "ChatRow" c where c.id = r."chatId"), r
    from unnest(found) with ordinality f(id, n) join "MessageRow" r on r.id = f.id order by f.n;
end $$;
