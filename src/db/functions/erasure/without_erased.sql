-- What of a parsed notice is applied where it names somebody who was erased: what it says of others.
create or replace function without_erased(organizations int[], parsed jsonb) returns jsonb language sql stable as $$
  select parsed || jsonb_build_object('notice', null,
    'preferences', (select coalesce(jsonb_agg(p), '[]') from jsonb_array_elements(parsed->'preferences') p
      where not is_erased(organizations, array[p->>'phone', p->>'userId'], (p->>'at')::timestamptz)),
    'identityChanges', (select coalesce(jsonb_agg(c), '[]') from jsonb_array_elements(parsed->'identityChanges') c
      where not is_erased(organizations, array[c->'previous'->>'phone', c->'previous'->>'userId', c->'current'->>'phone',
        c->'current'->>'userId'], (c->>'at')::timestamptz)))
$$;
