-- Gives a person the phone that they changed to at `changed_at`, `user_id` with it where it was named. A contact that has the
-- phone is the same person where Meta saw it there while the person had it; it is another one where a user id of theirs was seen
-- with the phone before (a conflict), or only after the person had left it (nothing). A phone without a user id may be anybody's.
create or replace function claim_changed_phone(organization int, person int, new_phone text, user_id text, changed_at timestamptz)
  returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  p "ContactIdentity" := identity_of(organization, 'phone', new_phone);
  left_at timestamptz;
  spans "IdentitySpan"[];
  is_before bool; is_during bool; is_anybody bool;
begin
  if p."contactId" = person then return; end if;
  if p.id is null or p.kind = 'phone' and not p."isCurrent" and p."endedAt" <= changed_at then
    perform claim_identity(organization, person, 'phone', new_phone, changed_at);
    return;
  end if;
  spans := identity_spans(person);
  left_at := coalesce((select min(r.at) from "IdentityReport" r where r.report->'previous'->>'phone' = new_phone and r.report->'current' ? 'phone'
      and r.at > changed_at and r."contactId" = any(person || array(select c.id from "Contact" c where c."mergedIntoId" = person))),
    spans[span_of(spans, 'phone', new_phone)]."endedAt", 'infinity');
  if left_at <= changed_at then return; end if;
  select coalesce(bool_or(r.at < changed_at and o."isCurrent" and o.value is distinct from user_id), false),
      coalesce(bool_or(r.at >= changed_at and r.at < left_at), false), count(*) = 0 into is_before, is_during, is_anybody
  from "ContactIdentity" o join "IdentityReport" r on r.report->>'phone' = new_phone and r.report->>'userId' = o.value
    and r."contactId" = any(p."contactId" || array(select c.id from "Contact" c where c."mergedIntoId" = p."contactId"))
  where o."contactId" = p."contactId" and o.kind = 'userId';
  if is_before then
    perform report_conflict(organization, null, person, p."contactId", changed_at);
  elsif is_during or is_anybody then
    perform join_contacts(organization, null, person, p."contactId", changed_at);
  end if;
end $$;
