-- The latest of Meta's times in a parsed notice (domain/parsed-notice.ts) and in the names beside it; null where there is none.
create or replace function latest_at(parsed jsonb, names jsonb) returns timestamptz language sql stable as $$
  select greatest((parsed->>'at')::timestamptz, (parsed->'notice'->>'at')::timestamptz, (select max((p->>'at')::timestamptz)
    from unnest(array[parsed->'preferences', parsed->'identityChanges', parsed->'notice'->'detail'->'changes', names]) list
    cross join lateral jsonb_array_elements(case when jsonb_typeof(list) = 'array' then list else '[]' end) p))
$$;
