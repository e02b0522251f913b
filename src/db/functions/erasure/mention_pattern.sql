-- A regular expression for texts that name one of the ids, as a whole: not as part of a longer number. Null without ids.
create or replace function mention_pattern(ids text[]) returns text language sql immutable as $$
  select '(^|[^[:alnum:]])(' || string_agg(regexp_replace(i.id, '([^[:alnum:]])', '\\\1', 'g'), '|') || ')([^[:alnum:]]|$)' from unnest(ids) i(id)
$$;
