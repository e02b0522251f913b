-- What somebody typed as text-search queries that must all match; null when it has no letter and no digit. One query for each word;
-- words that Russian or English search engines skip count only when there are no others. What is a number as a whole is one query,
-- and is also looked up as one.
create or replace function search_query(q text) returns tsquery[] language plpgsql immutable as $$
declare
  folded text := fold_text(q);
  words text[] := array(select distinct w from regexp_split_to_table(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g'), ' ') w
    where w <> '' limit 16);
  significant text[] := array(select w from unnest(words) w where to_tsvector('russian', w) <> '');
  digits text := regexp_replace(folded, '\D', '', 'g');
  parts tsquery[];
begin
  if words = '{}' then return null; end if;
  if significant <> '{}' then words := significant; end if;
  parts := array(select word_query(w) from unnest(words) w);
  if folded ~ '^[^[:alpha:]]*$' and length(digits) >= 7 then
    return array[all_of(parts) || (quote_literal('#' || digits) || ':*')::tsquery
      || (quote_literal('#' || regexp_replace(digits, '^[78]', '')) || ':*')::tsquery];
  end if;
  return parts;
end $$;
