-- The organization's messages that match a query, newest first by Meta's time, after a position (`after_at`, `after_id`; null: from
-- the start): at most `row_limit`, each with its chat. `words`: which words of the text matched, folded. Where nothing has all the
-- words, "номер заказа 48213" finds what has the query's numbers: `byNumber`, which the next page has to ask for with `by_number`.
-- `walk`: see `find_messages`.
create or replace function search_messages(organization int, q text, after_at timestamptz, after_id int, by_number bool, row_limit int,
  walk int default 5000)
returns table(words text[], "byNumber" bool, chat json, message "MessageRow") language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  parts tsquery[] := search_query(q, by_number);
  numbers tsquery[];
  any_word tsquery;
  found int[];
begin
  if parts is null then return; end if;
  found := find_messages(organization, parts, coalesce(after_at, 'infinity'), coalesce(after_id, 0), row_limit, walk);
  if found = '{}' and after_at is null then
    numbers := search_query(q, true);
    if numbers is null or numbers = parts then return; end if;
    parts := numbers;
    by_number := true;
    found := find_messages(organization, parts, 'infinity', 0, row_limit, walk);
  end if;
  any_word := replace(all_of(parts)::text, ' & ', ' | ')::tsquery;
  return query select array(select l.lexeme from unnest(s.lexemes) l where l.lexeme !~ '^[@#~]'
        and array_to_tsvector(array[l.lexeme]) @@ any_word limit 50), by_number,
      (select to_json(named_chat(c)) from "ChatRow" c where c.id = r."chatId"), named_message(r)
    from unnest(found) with ordinality f(id, n) join "MessageSearch" s on s."messageId" = f.id join "MessageRow" r on r.id = f.id
    order by f.n;
end $$;
