-- Compares what was observed with the open alarms, and raises and clears what differs. An observation is of one `alarm`, such as
-- `phone:12:C02`: with a `code` it is wrong, and the alarm is raised unless it is open with that code; with a null `code` it is
-- right, and an open alarm is cleared. What is not observed stays, and so does what changed after it was observed: a check reads for
-- seconds, while an admin may save a new token. Returns the notices that are new or were cleared, to be published (`notices_json`).
-- Safe to repeat, and to run twice at once.
create or replace function reconcile_alarms(observations json) returns json language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  cleared int[];
  raised int[];
begin
  with healed as (
    update "Notice" n set "clearedAt" = (
      select max(o."observedAt") from json_to_recordset(observations) o("organizationId" int, alarm text, "observedAt" timestamptz)
      where o."organizationId" = n."organizationId" and o.alarm = n.alarm)
    -- By an array: of all notices Postgres would compare each with each observation.
    where n."clearedAt" is null and n.id = any(array(
      select k.id from json_to_recordset(observations) o("organizationId" int, alarm text, code text, "observedAt" timestamptz)
      cross join lateral (select * from "Notice" k where k."organizationId" = o."organizationId" and k.alarm = o.alarm
        and k."clearedAt" is null offset 0) k
      where k."happenedAt" <= o."observedAt" and (o.code is null or coalesce(k.detail->>'code', o.code) <> o.code)))
    returning n.id)
  select array_agg(id) into cleared from healed;
  with made as (
    insert into "Notice" ("organizationId", "organizationPhoneId", "wabaId", kind, severity, title, detail, hash, "happenedAt", alarm)
    select o."organizationId", o."organizationPhoneId", o."wabaId", o.kind, o.severity, o.title,
      o.detail || jsonb_build_object('code', o.code),
      encode(sha256(convert_to(o.alarm || ' ' || o.code || ' ' || clock_timestamp(), 'UTF8')), 'hex'), o."happenedAt", o.alarm
    from json_to_recordset(observations) o("organizationId" int, "organizationPhoneId" int, "wabaId" text, kind text, severity text,
      title text, detail jsonb, alarm text, code text, "happenedAt" timestamptz, "observedAt" timestamptz)
    where o.code is not null and not exists (select from "Notice" k
      where k."organizationId" = o."organizationId" and k.alarm = o.alarm
        and (k."clearedAt" is null or k."clearedAt" > o."observedAt"))
    on conflict do nothing returning id)
  select array_agg(id) into raised from made;
  return notices_json(coalesce(cleared, '{}') || coalesce(raised, '{}'));
end $$;
