-- The numbers in a folded text that may be phones, as lexemes: runs of seven digits or more, with spaces, dashes, dots, slashes and
-- brackets between them. The first 7 or 8 of eleven digits is left out: +7 900, 8 900 and 900 are one number. The array is never null.
create or replace function search_numbers(folded text) returns text[] language sql immutable as $$
  select array(select distinct '#' || regexp_replace(n.digits, '^[78](?=\d{10}$)', '') from (
    select regexp_replace(m[1], '\D', '', 'g') digits from regexp_matches(folded, '(\d(?:[ \u00a0().+/–-]{0,3}\d){6,18})', 'g') m) n
    where length(n.digits) between 7 and 19)
$$;
