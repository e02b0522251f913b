-- Whether Meta has reported again since on what keeps a number or an account from sending, and on each of the restrictions that the
-- report is about: see `reported_restrictions`, and `types` in domain/account-notice.ts.
create or replace function is_report_superseded(o "Notice") returns bool language plpgsql stable
  set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  types text[] := array(select jsonb_array_elements_text(o.detail->'sending'->'types'));
begin
  if types = '{}' then types := array[null]; end if;
  return (select bool_and(exists (select from "Notice" k
    where k."organizationId" = o."organizationId" and k.kind = 'account' and k."happenedAt" >= o."happenedAt"
      and (k."happenedAt", k.hash) > (o."happenedAt", o.hash)
      and k."organizationPhoneId" is not distinct from o."organizationPhoneId" and k."wabaId" is not distinct from o."wabaId"
      and k.detail->'sending'->>'cause' = o.detail->'sending'->>'cause'
      and (t.type is null or coalesce(k.detail->'sending'->'types', '[]') in ('[]', 'null') or k.detail->'sending'->'types' ? t.type)))
    from unnest(types) t(type));
end $$;
