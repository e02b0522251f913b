-- What keeps a number or an account from sending by Meta's reports on it, and is no alarm yet: the report, and the name of the alarm,
-- which is another one where answers to customers are kept back too. See `sending` in domain/account-notice.ts. Only reports of the
-- last week are read: this runs each minute.
create or replace function reported_restrictions(at timestamptz) returns table(id int, alarm text) language sql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select x.id, s.alarm
  from "Organization" o
    cross join lateral (select * from "Notice" k where k."organizationId" = o.id and k.kind = 'account'
      and k."happenedAt" > at - interval '7 days' and k.detail->'sending'->>'cause' is not null) x
    cross join lateral (select coalesce('phone:' || x."organizationPhoneId", 'account:' || x."wabaId") || ':' ||
      case when x.detail->'sending'->>'cause' = 'restriction' and x.detail->'sending'->>'canReply' = 'false' then 'replies'
        else x.detail->'sending'->>'cause' end alarm) s
  where x.alarm is null and x.detail->'sending'->>'isRestricted' = 'true'
    and coalesce((x.detail->'sending'->>'until')::timestamptz > at, true) and not is_report_superseded(x)
    and not exists (select from "Notice" k where k."organizationId" = x."organizationId" and k.alarm = s.alarm and k."clearedAt" is null)
  order by x."happenedAt" desc, x.hash desc
$$;
