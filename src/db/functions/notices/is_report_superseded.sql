-- Whether Meta has reported again since on what keeps a number or an account from sending: see `reported_restrictions`.
create or replace function is_report_superseded(o "Notice") returns bool language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return exists (select from "Notice" k
    where k."organizationId" = o."organizationId" and k.kind = 'account' and k."happenedAt" >= o."happenedAt"
      and (k."happenedAt", k.hash) > (o."happenedAt", o.hash)
      and k."organizationPhoneId" is not distinct from o."organizationPhoneId" and k."wabaId" is not distinct from o."wabaId"
      and k.detail->'sending'->>'cause' = o.detail->'sending'->>'cause');
end $$;
