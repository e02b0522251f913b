-- What somebody typed as text-search queries that must all match; null when it has no letter and no digit. One query for each word;
-- words that Russian or English search engines skip count only when there are no others. What is a number as a whole is one query:
-- it is looked up as one, and by its groups of digits only if one of them has five or more, as groups of a phone are in many others.
create or replace function search_query(q text) returns tsquery[] language plpgsql immutable as $$
declare
  folded text := fold_text(q);
  words text[] := array(select distinct w from regexp_split_to_table(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g'), ' ') w
    where w <> '' limit 16);
  significant text[] := array(select w from unnest(words) w where to_tsvector('russian', w) <> '');
  digits text := regexp_replace(folded, '\D', '', 'g');
  parts tsquery[];
  number tsquery;
begin
  if words = '{}' then return null; end if;
  if significant <> '{}' then words := significant; end if;
  parts := array(select word_query(w) from unnest(words) w);
  if folded ~ '[[:alpha:]]' or length(digits) not between 7 and 19 then return parts; end if;
  number := (quote_literal('#' || digits) || ':*')::tsquery || (quote_literal('#' || regexp_replace(digits, '^[78]', '')) || ':*')::tsquery;
  return array[case when folded ~ '[0-9]{5}' then all_of(parts) || number else number end];
end $$;
