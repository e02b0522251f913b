-- A text as search compares it: composed (NFKC), in lower case, with "е" for "ё". Stored texts and queries are folded alike.
create or replace function fold_text(t text) returns text language sql immutable as $$
  select replace(lower(normalize(t, nfkc)), 'ё', 'е')
$$;
