-- The ids of a person and the time of each, from all that Meta has reported of the person, in the order of its times: every
-- order of arrival, and every repetition, gives the same spans. An identity without a report was written by hand.
create or replace function identity_spans(contact int) returns "IdentitySpan"[] language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  spans "IdentitySpan"[] := '{}';
  r record;
begin
  for r in
    with family_reports as (
      select i.report, min(i.at) at from "IdentityReport" i
      where i."contactId" = any(contact || array(select c.id from "Contact" c where c."mergedIntoId" = contact)) group by i.report)
    select f.* from (
      select i.* from family_reports i
      union all
      select jsonb_build_object(o.kind, o.value), o."createdAt" from "ContactIdentity" o where o."contactId" = contact and not exists (
        select from family_reports i where o.value in (i.report->>o.kind, i.report->'previous'->>o.kind, i.report->'current'->>o.kind))) f
    -- A message comes from the ids that a change of the same second ends.
    order by f.at, f.report ? 'current', f.report
  loop
    spans := case when r.report ? 'current' then apply_id_change(spans, r.report->'previous', r.report->'current', r.at)
      when r.report ? 'dialled' then apply_dialled(spans, r.report->>'dialled', r.at)
      else apply_id_sighting(spans, r.report, r.at) end;
    spans := end_replaced_phones(spans);
  end loop;
  return spans;
end $$;
