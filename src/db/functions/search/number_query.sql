-- The text-search query for a number of four digits or more in whatever groups (see `search_query`). It finds the number written in one
-- or in groups (`grouped_numbers`), and phones by their beginning and their end (`search_numbers`). The groups by themselves count
-- only in a short number, or where one has five digits or more: those of a phone are in many other texts.
create or replace function number_query(number text) returns tsquery language sql immutable as $$
  select string_agg(p.part::text, ' | ')::tsquery from (
    select regexp_replace(number, '\D', '', 'g') digits) d
  cross join lateral (
    select all_of(array(select word_query(g) from regexp_split_to_table(number, '\D+') g where g <> '')) part
    where length(d.digits) < 7 or number ~ '[0-9]{5}'
    union all select (quote_literal(l.lexeme) || ':*')::tsquery from unnest(
      array[case when length(d.digits) < 7 then d.digits end, '~' || reverse(d.digits)]
      || case when length(d.digits) >= 5 then array['#' || d.digits, '#' || regexp_replace(d.digits, '^[78]', '')] end) l(lexeme)
    where l.lexeme is not null) p
$$;
