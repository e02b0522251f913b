-- Brings an account's templates to the list that Graph returned, from `began` on: a later webhook wins. A template that is not
-- listed becomes DELETED. Returns how many were listed, and how many are gone.
create or replace function sync_templates(organization int, account text, listed json, began timestamptz) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  -- Meta's times are whole seconds.
  at timestamptz := date_trunc('second', began);
  gone int;
begin
  insert into "Template" as o ("organizationId", "wabaId", "metaId", name, language, category, "parameterFormat", components, status, quality, reason,
    "statusAt", "qualityAt", "categoryAt", "componentsAt", "syncedAt")
  select organization, account, t."metaId", t.name, t.language, t.category, t."parameterFormat", t.components, t.status, t.quality, t.reason,
    at, at, at, at, began
  from (select distinct on (l.name, l.language) l.* from json_to_recordset(listed) l("metaId" text, name text, language text, category text,
      "parameterFormat" text, components json, status text, quality text, reason text) order by l.name, l.language, l."metaId" desc) t
  on conflict ("organizationId", "wabaId", name, language) do update set
    "metaId" = coalesce(excluded."metaId", o."metaId"), "parameterFormat" = excluded."parameterFormat",
    status = case when o."statusAt" > at then o.status else excluded.status end,
    reason = case when o."statusAt" > at then o.reason else excluded.reason end,
    "statusAt" = greatest(o."statusAt", at),
    quality = case when o."qualityAt" > at then o.quality else excluded.quality end, "qualityAt" = greatest(o."qualityAt", at),
    category = case when o."categoryAt" > at then o.category else excluded.category end, "categoryAt" = greatest(o."categoryAt", at),
    components = case when o."componentsAt" > at then o.components else excluded.components end,
    "syncedAt" = case when o."componentsAt" > at then o."syncedAt" else excluded."syncedAt" end,
    "componentsAt" = greatest(o."componentsAt", at), "updatedAt" = now();
  update "Template" o set status = 'DELETED', reason = null, "statusAt" = at, "updatedAt" = now()
  where o."organizationId" = organization and o."wabaId" = account and o.status <> 'DELETED' and o."createdAt" < began
    and (o."statusAt" is null or o."statusAt" <= at)
    and not exists (select from json_to_recordset(listed) l(name text, language text) where l.name = o.name and l.language = o.language);
  get diagnostics gone = row_count;
  return json_build_object('listed', (select count(distinct (l.name, l.language)) from json_to_recordset(listed) l(name text, language text)), 'gone', gone);
end $$;
