-- Applies to a person's spans that ids (`seen`: phone, userId, parentUserId) were seen together. A phone that had ended is the
-- person's again when it is seen with a user id that is newer than its end.
create or replace function apply_id_sighting(spans "IdentitySpan"[], seen jsonb, at timestamptz) returns "IdentitySpan"[]
  language plpgsql immutable as $$
declare
  u int; p int;
  user_id text := seen->>'userId';
  phone text := seen->>'phone';
  parent text := seen->>'parentUserId';
  user_ended timestamptz;
begin
  if user_id is not null then
    u := span_of(spans, 'userId', user_id);
    if u is null then
      spans := spans || row('userId', user_id, at, null, false, false, '{}')::"IdentitySpan";
      u := cardinality(spans);
    end if;
    user_ended := spans[u]."endedAt";
  end if;
  if phone is not null then
    p := span_of(spans, 'phone', phone);
    if p is null then
      spans := spans || row('phone', phone, least(at, user_ended), user_ended, false, false, '{}')::"IdentitySpan";
      p := cardinality(spans);
    elsif spans[p]."isDialled" then
      spans[p]."isDialled" := false;
      spans[p]."createdAt" := at;
    elsif spans[p]."endedAt" is not null and u is not null and user_ended is null and spans[u]."createdAt" >= spans[p]."endedAt" then
      spans[p]."endedAt" := null;
      spans[p]."createdAt" := at;
    end if;
    if u is not null then
      spans[p]."seenWith" := spans[p]."seenWith" || user_id;
      spans[u]."seenWith" := spans[u]."seenWith" || phone;
    end if;
  end if;
  if parent is not null and span_of(spans, 'parentUserId', parent) is null then
    spans := spans || row('parentUserId', parent, at, null, false, false, '{}')::"IdentitySpan";
  end if;
  return spans;
end $$;
