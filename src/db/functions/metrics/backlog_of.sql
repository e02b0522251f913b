-- Counts what waits in an organization: messages whose delivery is undecided, and stored events that were never applied,
-- including those for its numbers from before the numbers had a row.
create or replace function backlog_of(organization int)
  returns table (unknown int, unconfirmed int, "queuedOverOneMinute" int, unread int) language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  phones int[];
  phone_number_ids text[];
begin
  select array_agg(p.id), array_agg(p."wabaPhoneNumberId") into phones, phone_number_ids
  from "OrganizationPhone" p where p."organizationId" = organization;
  select count(*) filter (where m.status = 'unknown'),
    count(*) filter (where m.status = 'queued' and m."receivedAt" < now() - interval '1 minute')
  into unknown, "queuedOverOneMinute" from "Message" m
  where m."organizationPhoneId" = any(phones) and m.status in ('queued', 'sending', 'unknown');
  select count(*) into unconfirmed from "Message" m
  where m."organizationPhoneId" = any(phones) and m.status = 'unconfirmed';
  unread := (select count(*) from "WebhookEvent" e
      where e.reason is not null and e."appliedAt" is null and e."organizationId" = organization)
    + (select count(*) from "WebhookEvent" e where e.reason is not null and e."appliedAt" is null
      and e."organizationId" is null and e."phoneNumberId" = any(phone_number_ids));
  return next;
end $$;
