-- Adds a number that an agent typed to a person's spans, unless Meta has named it.
create or replace function apply_dialled(spans "IdentitySpan"[], dialled text, at timestamptz) returns "IdentitySpan"[]
  language sql immutable as $$
  select case when span_of(spans, 'phone', dialled) is null
    then spans || row('phone', dialled, at, null, false, true, '{}')::"IdentitySpan" else spans end
$$;
