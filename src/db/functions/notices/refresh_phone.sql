-- Sets a business number's name, quality and limit from the latest notice on each, by Meta's time.
create or replace function refresh_phone(phone int) returns void language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  update "OrganizationPhone" p set "updatedAt" = now(),
    "nameStatus" = coalesce((select n.detail->>'decision' from "Notice" n where n."organizationPhoneId" = p.id and n.kind = 'numberName'
      and n.detail->>'decision' is not null order by n."happenedAt" desc, n.hash desc limit 1), p."nameStatus"),
    "verifiedName" = coalesce((select n.detail->>'name' from "Notice" n where n."organizationPhoneId" = p.id and n.kind = 'numberName'
      and n.detail->>'decision' = 'APPROVED' and n.detail->>'name' is not null
      order by n."happenedAt" desc, n.hash desc limit 1), p."verifiedName"),
    -- Meta reports when a number is flagged, which means low quality, and when it no longer is, without its new quality.
    "qualityRating" = coalesce((select case n.detail->>'event' when 'FLAGGED' then 'RED' else 'UNKNOWN' end from "Notice" n
      where n."organizationPhoneId" = p.id and n.kind = 'numberQuality'
      and n.detail->>'event' in ('FLAGGED', 'UNFLAGGED') order by n."happenedAt" desc, n.hash desc limit 1), p."qualityRating"),
    -- The limit applies to the whole portfolio, and is reported for a number or for the account.
    "messagingLimit" = coalesce((select r.reported from (
        (select coalesce(n.detail->>'limit', n.detail->>'dailyLimit') reported, n."happenedAt", n.hash from "Notice" n
          where n."organizationPhoneId" = p.id and n.kind = 'numberQuality'
            and coalesce(n.detail->>'limit', n.detail->>'dailyLimit') is not null order by n."happenedAt" desc, n.hash desc limit 1)
        union all
        (select coalesce(n.detail->>'limit', n.detail->>'dailyLimit'), n."happenedAt", n.hash from "Notice" n
          where n."organizationId" = p."organizationId" and n.kind = 'accountCapability' and (n."organizationPhoneId" = p.id or n."wabaId" = p."wabaId")
            and coalesce(n.detail->>'limit', n.detail->>'dailyLimit') is not null order by n."happenedAt" desc, n.hash desc limit 1)) r
      order by r."happenedAt" desc, r.hash desc limit 1), p."messagingLimit")
  where p.id = phone;
end $$;
