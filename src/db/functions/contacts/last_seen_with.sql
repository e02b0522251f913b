-- The contact that was the last one seen with a phone and a user id together, or to change to both, until `seen`; null when none
-- was. Who changed to the phone is looked for among the reports of its owner.
create or replace function last_seen_with(organization int, seen_phone text, seen timestamptz) returns int language sql stable
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select c.id from (
    select r.id, r."contactId", r.at from "IdentityReport" r
    where r.report->>'phone' = seen_phone and r.report ? 'userId' and r.at <= seen
    union all
    select r.id, r."contactId", r.at from identity_of(organization, 'phone', seen_phone) p cross join lateral (
      select i.* from "IdentityReport" i
      where i."contactId" = any(p."contactId" || array(select m.id from "Contact" m where m."mergedIntoId" = p."contactId")) offset 0) r
    where r.report->'current'->>'phone' = seen_phone and r.report->'current' ? 'userId' and r.at <= seen) r
  join "Contact" c on c.id = r."contactId" and c."organizationId" = organization order by r.at desc, r.id limit 1
$$;
