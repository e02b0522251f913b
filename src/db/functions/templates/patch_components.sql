-- A definition with the texts that a webhook reports in their places; what a webhook never reports (pictures, cards, offers)
-- stays.
create or replace function patch_components(components jsonb, patch jsonb) returns jsonb language sql immutable as $$
  select patch || coalesce((select jsonb_agg(c order by n) from jsonb_array_elements(components) with ordinality e(c, n)
    where not (upper(c->>'type') in ('BODY', 'FOOTER', 'BUTTONS') or upper(c->>'type') = 'HEADER' and upper(coalesce(c->>'format', 'TEXT')) = 'TEXT')
      and not exists (select from jsonb_array_elements(patch) t where upper(t->>'type') = upper(c->>'type'))), '[]')
$$;
