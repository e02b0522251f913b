-- The position of an id in a person's spans; null when it is not there.
create or replace function span_of(spans "IdentitySpan"[], span_kind text, span_value text) returns int language sql immutable as $$
  select s.n::int from unnest(spans) with ordinality s(kind, value, c, e, i, d, w, n) where s.kind = span_kind and s.value = span_value
$$;
