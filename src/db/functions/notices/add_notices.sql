-- Stores notices of our own, each `key` once. Returns those that are new, to be published (`notices_json`).
create or replace function add_notices(notices json) returns json language plpgsql as $$
#variable_conflict use_column
declare
  fresh int[];
begin
  with made as (
    insert into "Notice" ("organizationId", "organizationPhoneId", "wabaId", kind, severity, title, detail, hash, "happenedAt")
    select n."organizationId", n."organizationPhoneId", n."wabaId", n.kind, n.severity, n.title, n.detail,
      encode(sha256(convert_to(n.key, 'UTF8')), 'hex'), n."happenedAt"
    from json_to_recordset(notices) n("organizationId" int, "organizationPhoneId" int, "wabaId" text, kind text, severity text, title text,
      detail jsonb, key text, "happenedAt" timestamptz)
    where not exists (select from "Notice" k where k."organizationId" = n."organizationId" and k.hash = encode(sha256(convert_to(n.key, 'UTF8')), 'hex'))
    on conflict do nothing returning id)
  select array_agg(id) into fresh from made;
  return notices_json(fresh);
end $$;
