-- What a search finds a message by: its words, the numbers in it (`search_numbers`), and two lexemes for every message: its
-- organization, and the organization with the day. Everything else than letters and digits parts words, before Postgres' parser
-- sees them: it would make "-12345" of "A-12345", and five lexemes of a phone. No stems: `word_query` knows the forms of a word, and
-- stemming would be most of the cost that every stored message pays.
create or replace function search_lexemes(organization int, at timestamptz, body text) returns tsvector language plpgsql immutable as $$
declare
  folded text := fold_text(left(body, 20000));
  own text[] := array['@' || organization, '@' || organization || '.' || extract(epoch from at)::bigint / 86400];
begin
  if folded ~ '[0-9]' then own := own || search_numbers(folded); end if;
  return strip(to_tsvector('simple', regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g'))) || array_to_tsvector(own);
end $$;
