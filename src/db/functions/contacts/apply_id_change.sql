-- Applies to a person's spans that the ids `previous` became `current`, each `{phone, userId, parentUserId}`. A new number comes
-- with a new user id, so a change of the number ends a user id without a named successor too; unless that one was introduced
-- by the other report of the same change. A change that names no phone ends none: see `end_replaced_phones`. Reported again,
-- when the earlier ids have ended already, a change ends nothing more. With no `current` ids it only ends the previous ones.
create or replace function apply_id_change(spans "IdentitySpan"[], previous jsonb, current jsonb, at timestamptz) returns "IdentitySpan"[]
  language plpgsql immutable as $$
declare
  s "IdentitySpan";
  id record;
  n int;
  is_previous bool; has_moved_on bool; is_introduced bool;
begin
  for id in select key, value from jsonb_each_text(previous) order by key loop
    n := span_of(spans, id.key, id.value);
    if n is null then
      spans := spans || row(id.key, id.value, at - interval '1 millisecond', null, false, false, '{}')::"IdentitySpan";
    elsif spans[n]."isDialled" then
      spans[n]."isDialled" := false;
      spans[n]."createdAt" := at - interval '1 millisecond';
    end if;
  end loop;
  n := coalesce(span_of(spans, 'userId', previous->>'userId'), span_of(spans, 'phone', previous->>'phone'),
    span_of(spans, 'parentUserId', previous->>'parentUserId'));
  has_moved_on := spans[n]."endedAt" is not null;
  for n in 1..cardinality(spans) loop
    s := spans[n];
    is_previous := s.value is not distinct from previous->>s.kind;
    continue when s."endedAt" is not null or s.value is not distinct from current->>s.kind
      or not (is_previous or s."createdAt" < at and not has_moved_on and current <> '{}')
      or s.kind <> 'userId' and not current ? s.kind and current <> '{}'
      or s.kind = 'userId' and not is_previous and not current ? 'userId' and s."isIntroduced"
        and not coalesce(previous->>'phone' = any(s."seenWith"), false);
    spans[n]."endedAt" := at;
  end loop;
  for id in select key, value from jsonb_each_text(current) order by key loop
    n := span_of(spans, id.key, id.value);
    is_introduced := previous ? id.key and previous->>id.key <> id.value;
    if n is null then
      spans := spans || row(id.key, id.value, at, null, is_introduced, false, '{}')::"IdentitySpan";
    elsif spans[n]."endedAt" is not null then
      continue when has_moved_on;
      spans[n]."endedAt" := null;
      spans[n]."createdAt" := at;
      spans[n]."isIntroduced" := is_introduced;
    elsif spans[n]."isDialled" or is_introduced and not spans[n]."isIntroduced" then
      spans[n]."createdAt" := at;
      spans[n]."isDialled" := false;
      spans[n]."isIntroduced" := is_introduced;
    end if;
  end loop;
  if current ? 'phone' and current ? 'userId' then
    n := span_of(spans, 'phone', current->>'phone');
    spans[n]."seenWith" := spans[n]."seenWith" || (current->>'userId');
    n := span_of(spans, 'userId', current->>'userId');
    spans[n]."seenWith" := spans[n]."seenWith" || (current->>'phone');
  end if;
  return spans;
end $$;
