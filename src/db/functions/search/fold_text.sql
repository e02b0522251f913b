-- A text as search compares it: composed (NFKC), in lower case, with "е" for "ё". Stored texts and queries are folded alike. To see
-- that a text is composed, as most are, takes a third of composing it.
create or replace function fold_text(t text) returns text language sql immutable as $$
  select replace(lower(case when t is nfkc normalized then t else normalize(t, nfkc) end), 'ё', 'е')
$$;
