-- The text-search query for one folded word of a query: what begins with the word, with its stem, or with its stem without final
-- vowels; and its stem with the fleeting vowel put in or left out. The stemmers alone do not bring "заказ" and "заказали", "деньги"
-- and "денег", "пришел" and "пришла" together, nor a stem in "i" with its word in "y".
create or replace function word_query(word text) returns tsquery language sql immutable as $$
  select string_agg(quote_literal(v.lexeme) || case when v.is_prefix then ':*' else '' end, ' | ')::tsquery
  from (
    select t.stem, regexp_replace(t.stem, '[аеиоуыэюяйь]+$', '') short
    from (select coalesce((tsvector_to_array(to_tsvector('russian', word)))[1], word) stem) t) s
  cross join lateral (
    select word, length(word) >= 3
    union select s.stem, length(s.stem) >= 3
    union select s.short, true where length(s.short) >= 4 and word ~ '[а-я]'
    union select regexp_replace(s.stem, 'i$', 'y'), false where s.stem ~ '^[a-z]+i$'
    union select regexp_replace(s.stem, '([бвгджзклмнпрстфхцчшщ])ь?([бвгджзклмнпрстфхцчшщ])$', '\1' || e.vowel || '\2'), false
      from unnest(array['е', 'о']) e(vowel) where length(s.stem) >= 4
    union select regexp_replace(s.stem, '([бвгджзклмнпрстфхцчшщ])[ео]([бвгджзклмнпрстфхцчшщ])$', '\1' || e.mark || '\2'), true
      from unnest(array['', 'ь']) e(mark) where length(s.stem) >= 5) v(lexeme, is_prefix)
  where v.lexeme <> ''
$$;
