-- The numbers in a folded text that may be phones, as lexemes: runs of seven digits or more, with spaces, dashes, dots, slashes and
-- brackets between them. The first 7 or 8 of eleven digits is left out: +7 900, 8 900 and 900 are one number. Each is there once more
-- from its end, by which people know it: "4567" finds it. The array is never null.
create or replace function search_numbers(folded text) returns text[] language sql immutable as $$
  select array(select distinct l.lexeme from (
    select regexp_replace(regexp_replace(m[1], '\D', '', 'g'), '^[78](?=\d{10}$)', '') digits
    from regexp_matches(folded, '(\d(?:[ ().+/‐-―−-]{0,3}\d){6,18})', 'g') m) n
  cross join lateral unnest(array['#' || n.digits, '~' || reverse(n.digits)]) l(lexeme))
$$;
