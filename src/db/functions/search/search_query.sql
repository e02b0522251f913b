-- What somebody typed as text-search queries that must all match; null when it has no letter and no digit. One query for each word;
-- words that Russian or English search engines skip count only when there are no others. "a12345" and "a-12345" are the same. Four
-- digits and more are one number, however they are grouped (`number_query`). `numbers_only`: the numbers of four digits or more
-- alone; null when there is none. "№" parts words: NFKC would make "no48213" of "№48213".
create or replace function search_query(q text, numbers_only bool) returns tsquery[] language plpgsql immutable as $$
declare
  long_number constant text := '(\d(?:[ ().+/‐-―−-]{0,3}\d){6,18})';
  short_number constant text := '(?<![[:alnum:]])(\d(?:[ ().+/‐-―−,''’-]?\d){3,5})(?![[:alnum:]])';
  folded text := fold_text(replace(q, '№', ' '));
  rest text := regexp_replace(folded, long_number, ' ', 'g');
  numbers text[] := array(select m[1] from regexp_matches(folded, long_number, 'g') m)
    || array(select m[1] from regexp_matches(rest, short_number, 'g') m);
  words text[] := array(select distinct w from regexp_split_to_table(
      regexp_replace(regexp_replace(rest, short_number, ' ', 'g'), '[^[:alnum:]]+', ' ', 'g'), ' ') w
    where w <> '' limit 16);
  significant text[] := array(select w from unnest(words) w where to_tsvector('russian', w) <> '');
begin
  if numbers_only then
    words := array(select distinct m[1] from unnest(words) w cross join regexp_matches(w, '([0-9]{4,})', 'g') m);
  elsif significant <> '{}' or numbers <> '{}' then
    words := significant;
  end if;
  if words = '{}' and numbers = '{}' then return null; end if;
  return array(select case when w ~ '^[[:alpha:]]+[0-9]{3,}$'
        then word_query(w) || (word_query(substring(w, '^[[:alpha:]]+')) && word_query(substring(w, '[0-9]+$')))
        else word_query(w) end from unnest(words) w)
    || array(select number_query(n) from unnest(numbers[:16]) n);
end $$;
