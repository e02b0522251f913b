-- The text-search query for what somebody typed; null when that has no letter and no digit. All words must be there; words that
-- Russian or English search engines skip count only when there are no others. What is a number as a whole is also looked up as one.
create or replace function search_query(q text) returns tsquery language plpgsql immutable as $$
declare
  folded text := fold_text(q);
  words text[] := array(select distinct w from regexp_split_to_table(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g'), ' ') w
    where w <> '' limit 16);
  significant text[] := array(select w from unnest(words) w where to_tsvector('russian', w) <> '');
  digits text := regexp_replace(folded, '\D', '', 'g');
  wanted tsquery;
begin
  if words = '{}' then return null; end if;
  if significant <> '{}' then words := significant; end if;
  select string_agg('(' || word_query(w)::text || ')', ' & ')::tsquery into wanted from unnest(words) w;
  if folded ~ '^[^[:alpha:]]*$' and length(digits) >= 7 then
    wanted := wanted || (quote_literal('#' || digits) || ':*')::tsquery
      || (quote_literal('#' || regexp_replace(digits, '^[78]', '')) || ':*')::tsquery;
  end if;
  return wanted;
end $$;
