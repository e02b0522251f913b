-- A number's name, quality and limit as the last notices on each tell, by Meta's time.
create or replace function refresh_phone(number int) returns void language plpgsql as $$
#variable_conflict use_column
begin
  update "OrganizationPhone" p set "updatedAt" = now(),
    "nameStatus" = coalesce((select n.detail->>'decision' from "Notice" n where n."organizationId" = p."organizationId" and n.kind = 'numberName'
      and n."organizationPhoneId" = p.id and n.detail->>'decision' is not null order by n."happenedAt" desc, n.hash desc limit 1), p."nameStatus"),
    "verifiedName" = coalesce((select n.detail->>'name' from "Notice" n where n."organizationId" = p."organizationId" and n.kind = 'numberName'
      and n."organizationPhoneId" = p.id and n.detail->>'decision' = 'APPROVED' and n.detail->>'name' is not null
      order by n."happenedAt" desc, n.hash desc limit 1), p."verifiedName"),
    -- Meta tells that a number was flagged, which it does at low quality; and that it no longer is, but not at what.
    "qualityRating" = coalesce((select case n.detail->>'event' when 'FLAGGED' then 'RED' else 'UNKNOWN' end from "Notice" n
      where n."organizationId" = p."organizationId" and n.kind = 'numberQuality' and n."organizationPhoneId" = p.id
      and n.detail->>'event' in ('FLAGGED', 'UNFLAGGED') order by n."happenedAt" desc, n.hash desc limit 1), p."qualityRating"),
    -- The limit is that of the whole portfolio: told of a number, or of the account.
    "messagingLimit" = coalesce((select coalesce(n.detail->>'limit', n.detail->>'dailyLimit') from "Notice" n
      where n."organizationId" = p."organizationId" and n.kind in ('numberQuality', 'accountCapability')
      and (n."organizationPhoneId" = p.id or n.kind = 'accountCapability' and n."wabaId" = p."wabaId")
      and coalesce(n.detail->>'limit', n.detail->>'dailyLimit') is not null order by n."happenedAt" desc, n.hash desc limit 1), p."messagingLimit")
  where p.id = number;
end $$;
