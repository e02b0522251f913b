-- Ends the phones that a change of the user id has replaced without naming them: those from before it, once another phone has
-- been seen with the new user id. Until then it is not known whether the phone changed too.
create or replace function end_replaced_phones(spans "IdentitySpan"[]) returns "IdentitySpan"[] language plpgsql immutable as $$
declare
  u "IdentitySpan";
begin
  select s.* into u from unnest(spans) s where s.kind = 'userId' and s."endedAt" is null order by s."createdAt" desc, s.value limit 1;
  if not coalesce(u."isIntroduced", false) or not exists (
    select from unnest(spans) s where s.kind = 'phone' and s."endedAt" is null and u.value = any(s."seenWith")) then return spans; end if;
  for n in 1..cardinality(spans) loop
    if spans[n].kind = 'phone' and spans[n]."endedAt" is null and not spans[n]."isDialled" and spans[n]."createdAt" < u."createdAt"
        and not u.value = any(spans[n]."seenWith") then
      spans[n]."endedAt" := u."createdAt";
    end if;
  end loop;
  return spans;
end $$;
