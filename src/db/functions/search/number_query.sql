-- The text-search query for a number of seven digits or more in whatever groups (see `search_query`).
create or replace function number_query(number text) returns tsquery language sql immutable as $$
  select case when number ~ '[0-9]{5}'
      then all_of(array(select word_query(g) from regexp_split_to_table(number, '\D+') g where g <> '')) || n.whole else n.whole end
  from (select (quote_literal('#' || d.digits) || ':*')::tsquery
      || (quote_literal('#' || regexp_replace(d.digits, '^[78]', '')) || ':*')::tsquery whole
    from (select regexp_replace(number, '\D', '', 'g') digits) d) n
$$;
