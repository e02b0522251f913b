-- Makes alarms of what Meta has reported and what still holds: a template that is paused or disabled, a number of low quality, a
-- limit that was lowered, sending that is restricted. The newest report becomes the alarm, so that one cause is one notice; Meta may repeat it. Reports come
-- in any order, so this goes by the state that they led to. Returns what became an alarm (`notices_json`).
create or replace function raise_reported_alarms(at timestamptz) returns json language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  report record;
  raised int[] := '{}';
begin
  for report in
    select n.id, 'template:' || t.id alarm
    from "Template" t cross join lateral (select x.id, x."organizationId" from "Notice" x
      where x."organizationId" = t."organizationId" and x.kind = 'templateStatus' and x.detail->>'status' = t.status
        and x.detail->'subject'->>'name' = t.name and x.detail->'subject'->>'language' = t.language
        and x."wabaId" = t."wabaId" and x.alarm is null
        and x."happenedAt" >= t."statusAt" order by x."happenedAt" desc, x.id desc limit 1) n
    where t.status in ('PAUSED', 'DISABLED') and not exists (select from "Notice" k
      where k."organizationId" = t."organizationId" and k.alarm = 'template:' || t.id and k."clearedAt" is null)
    union all
    select n.id, 'phone:' || p.id || ':quality'
    from "OrganizationPhone" p cross join lateral (select x.id, x.alarm from "Notice" x where x."organizationPhoneId" = p.id
      and x.kind = 'numberQuality' and x.detail->>'event' in ('FLAGGED', 'UNFLAGGED')
      order by x."happenedAt" desc, x.hash desc limit 1) n
    where p."qualityRating" = 'RED' and n.alarm is null and not exists (select from "Notice" k
      where k."organizationId" = p."organizationId" and k.alarm = 'phone:' || p.id || ':quality' and k."clearedAt" is null)
    union all
    select n.id, 'phone:' || p.id || ':limit'
    from "OrganizationPhone" p cross join lateral (select x.id, x.alarm, x.detail from "Notice" x
      where x."organizationPhoneId" = p.id and x.kind = 'numberQuality'
        and x.detail->>'limit' is not null order by x."happenedAt" desc, x.hash desc limit 1) n
    where n.alarm is null and limit_rank(n.detail->>'previousLimit') > limit_rank(p."messagingLimit") and not exists (select from "Notice" k
      where k."organizationId" = p."organizationId" and k.alarm = 'phone:' || p.id || ':limit' and k."clearedAt" is null)
    union all
    select r.id, r.alarm from reported_restrictions(at) r
  loop
    begin
      update "Notice" n set alarm = report.alarm where n.id = report.id and n.alarm is null;
      if found then raised := raised || report.id; end if;
    exception when unique_violation then null; -- Another run was first.
    end;
  end loop;
  return notices_json(raised);
end $$;
