-- Whether a text names one of the ids, as a whole: not as part of a longer number.
create or replace function mentions(content text, ids text[]) returns bool language sql immutable as $$
  select exists (select from unnest(ids) i(id) where position(i.id in content) > 0
    and content ~ ('(^|[^[:alnum:]])' || regexp_replace(i.id, '([^[:alnum:]])', '\\\1', 'g') || '([^[:alnum:]]|$)'))
$$;
