-- What keeps a number or an account from sending by Meta's newest report on it, and is no alarm yet: the report, and the name of the
-- alarm. See `sending` in domain/account-notice.ts. Only reports of the last week are read: this runs each minute.
create or replace function reported_restrictions(at timestamptz) returns table(id int, alarm text) language sql stable
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select n.id, n.alarm from (
    select distinct on (x."organizationId", s.alarm) x.id, x."organizationId", s.alarm, x.alarm "ownAlarm", x.detail->'sending' sending
    from "Organization" o
      cross join lateral (select * from "Notice" k where k."organizationId" = o.id and k.kind = 'account'
        and k."happenedAt" > at - interval '7 days' and k.detail->'sending'->>'cause' is not null) x
      cross join lateral (select coalesce('phone:' || x."organizationPhoneId", 'account:' || x."wabaId") || ':' ||
        (x.detail->'sending'->>'cause') alarm) s
    order by x."organizationId", s.alarm, x."happenedAt" desc, x.hash desc) n
  where n."ownAlarm" is null and n.sending->>'isRestricted' = 'true'
    and coalesce((n.sending->>'until')::timestamptz > at, true)
    and not exists (select from "Notice" k where k."organizationId" = n."organizationId" and k.alarm = n.alarm
      and k."clearedAt" is null)
$$;
