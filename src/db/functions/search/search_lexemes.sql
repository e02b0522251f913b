-- What a search finds a message by: its words, the numbers in it (`search_numbers`, `grouped_numbers`), and two lexemes for every
-- message: its organization, and the organization with the day. Everything else than letters and digits parts words, not Postgres' parser: it
-- would make "-12345" of "A-12345", and five lexemes of a phone. No stems: `word_query` knows the forms of a word, and stemming
-- would be most of the cost that every stored message pays. A word like "n48213" is also in there as its letters and its digits. Of a
-- longer word the first 255 letters count: a lexeme is bounded by 2,046 bytes.
create or replace function search_lexemes(organization int, at timestamptz, body text) returns tsvector language plpgsql immutable as $$
declare
  folded text := fold_text(replace(left(body, 20000), '№', ' '));
  has_digits bool := folded ~ '\d'; -- Most texts have none.
  own text[] := array['@' || organization, '@' || organization || '.' || extract(epoch from at)::bigint / 86400];
begin
  if has_digits then
    if folded ~ '(\d[ ().+/‐-―−-]{0,3}){7}' then own := own || search_numbers(folded); end if;
    if folded ~ '\d[ ‐-―−.,''’-]\d' then own := own || grouped_numbers(folded); end if;
  end if;
  if length(folded) > 255 then folded := regexp_replace(folded, '([[:alnum:]]{255})[[:alnum:]]+', '\1', 'g'); end if;
  if has_digits and folded ~ '[[:alpha:]][0-9]{3}' then
    own := own || array(select distinct p from regexp_matches(folded, '([[:alpha:]]+)([0-9]{3,})', 'g') m cross join unnest(m) p);
  end if;
  -- Spaces, of which most texts have more than of all else that parts words, need not be replaced.
  return array_to_tsvector(
    array_remove(string_to_array(regexp_replace(folded, '[^[:alnum:] ]', ' ', 'g'), ' '), '') || own);
end $$;
