-- The numbers of four to six digits that a folded text writes in groups, without what parts these: 48213 of "48 213", "48-213" and
-- "48,213". Spaces and dashes part groups of any size, dots, commas and apostrophes only thousands: the others are in dates and
-- prices. The array is never null.
create or replace function grouped_numbers(folded text) returns text[] language sql immutable as $$
  select array(select distinct regexp_replace(m[1], '\D', '', 'g') from regexp_matches(folded,
    '(?<![[:alnum:]])(\d(?:[ ‐-―−-]?\d){3,5}|\d{1,3}[.,''’]\d{3})(?![[:alnum:]])', 'g') m)
$$;
