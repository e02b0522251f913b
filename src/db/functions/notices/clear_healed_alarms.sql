-- Clears the open alarms whose cause is gone by what is stored: a message came in after a silence or after refused webhooks, a
-- template is allowed again or gone, a limit or quality is back, Meta has reported again on a restriction or its time is over, the number was disconnected by an admin. What only Meta
-- knows is observed by the checks (`reconcile_alarms`). Returns what was cleared (`notices_json`).
create or replace function clear_healed_alarms(at timestamptz) returns json language plpgsql as $$
#variable_conflict use_column
declare
  cleared int[];
begin
  with healed as (
    update "Notice" n set "clearedAt" = at
    from "Notice" o left join "OrganizationPhone" p on p.id = o."organizationPhoneId"
    where n.id = o.id and o.alarm is not null and o."clearedAt" is null and (
      p."connectionType" = 'disconnected' and p."disconnectReason" is distinct from 'partner_removed'
      or o.kind in ('silence', 'refusedWebhooks') and exists (select from "InboundHour" h
        where h."organizationPhoneId" = p.id and h."lastAt" > o."happenedAt")
      or o.kind = 'refusedWebhooks' and not exists (select from "RefusedWebhook" r
        where r."phoneNumberId" = p."wabaPhoneNumberId" and r."lastAt" > at - interval '1 hour')
      or o.kind = 'templateStatus' and not exists (select from "Template" t
        where 'template:' || t.id = o.alarm and t.status in ('PAUSED', 'DISABLED'))
      or o.kind = 'numberQuality' and o.alarm like '%:quality' and p."qualityRating" <> 'RED'
      or o.kind = 'numberQuality' and o.alarm like '%:limit'
        and limit_rank(p."messagingLimit") >= limit_rank(o.detail->>'previousLimit')
      or o.kind = 'account' and o.detail ? 'sending' and ((o.detail->'sending'->>'until')::timestamptz <= at or is_report_superseded(o)))
    returning n.id)
  select array_agg(id) into cleared from healed;
  return notices_json(coalesce(cleared, '{}'));
end $$;
