-- Applies what a webhook reports of a template, in any order: of status, quality, category and texts the latest by Meta's time
-- each. A new template gets a row with what is known: its status is UNKNOWN until it is reported.
create or replace function apply_template(organization int, account text, t jsonb, at timestamptz) returns void language plpgsql as $$
#variable_conflict use_column
declare
  o "Template";
  texts jsonb;
  known timestamptz;
begin
  if account is null then return; end if;
  if t->>'name' is not null and t->>'language' is not null then
    insert into "Template" ("organizationId", "wabaId", "metaId", name, language, status)
    values (organization, account, t->>'templateId', t->>'name', t->>'language', 'UNKNOWN') on conflict do nothing;
    select * into o from "Template" x where x."organizationId" = organization and x."wabaId" = account
      and x.name = t->>'name' and x.language = t->>'language' for no key update;
  else
    select * into o from "Template" x where x."organizationId" = organization and x."wabaId" = account
      and x."metaId" = t->>'templateId' order by x.id desc limit 1 for no key update;
  end if;
  if o.id is null then return; end if;
  known := greatest(o."statusAt", o."qualityAt", o."categoryAt", o."componentsAt");
  if t->>'status' is not null and (o."statusAt" is null or (at, template_rank(t->>'status'), t->>'status', coalesce(t->>'reason', ''))
      > (o."statusAt", template_rank(o.status), o.status, coalesce(o.reason, ''))) then
    o.status := t->>'status';
    o.reason := t->>'reason';
    o."statusAt" := at;
  end if;
  if t->>'quality' is not null and (o."qualityAt" is null or (at, t->>'quality') > (o."qualityAt", o.quality)) then
    o.quality := t->>'quality';
    o."qualityAt" := at;
  end if;
  if t->>'category' is not null and (o."categoryAt" is null or (at, t->>'category') > (o."categoryAt", o.category)) then
    o.category := t->>'category';
    o."categoryAt" := at;
  end if;
  if jsonb_typeof(t->'components') = 'array' then
    texts := patch_components(o.components::jsonb, t->'components');
    if o."componentsAt" is null or (at, texts::text) > (o."componentsAt", o.components::jsonb::text) then
      o.components := texts;
      o."componentsAt" := at;
      o."syncedAt" := null;
    end if;
  end if;
  -- A template that was created again under the same name has another id.
  if t->>'templateId' is not null and t ?| array['status', 'quality', 'category', 'components'] and at >= coalesce(known, at) then
    o."metaId" := t->>'templateId';
  end if;
  update "Template" x set "metaId" = o."metaId", status = o.status, reason = o.reason, "statusAt" = o."statusAt", quality = o.quality,
    "qualityAt" = o."qualityAt", category = o.category, "categoryAt" = o."categoryAt", components = o.components,
    "componentsAt" = o."componentsAt", "syncedAt" = o."syncedAt", "updatedAt" = now()
  where x.id = o.id;
end $$;
