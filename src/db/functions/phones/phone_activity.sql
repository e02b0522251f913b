-- What waits for a business number, and when it was last used (`PhoneActivity` in domain/phone.ts). The times are the newest
-- among the 50 most recently active chats of each status: an index by number alone would cost every message.
create or replace function phone_activity(phone int)
  returns table ("lastInboundAt" text, "lastOutboundAt" text, queued int, unknown int, unconfirmed int, "unreadEvents" int,
    "earlierEvents" int) language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  number "OrganizationPhone";
begin
  select * into number from "OrganizationPhone" p where p.id = phone;
  select rfc3339(max(c."lastInboundAt")), rfc3339(max(m."createdAt") filter (where m."fromMe"))
    into "lastInboundAt", "lastOutboundAt"
  from unnest(array['open', 'snoozed', 'closed']) listed
    cross join lateral (select d."lastInboundAt", d."lastMessageId" from "Chat" d where d."organizationPhoneId" = phone
      and d.status = listed and d."mergedIntoId" is null order by d."lastMessageAt" desc, d.id desc limit 50) c
    left join "Message" m on m.id = c."lastMessageId";
  select count(*) filter (where m.status in ('queued', 'sending')), count(*) filter (where m.status = 'unknown')
    into queued, unknown from "Message" m
  where m."organizationPhoneId" = phone and m.status in ('queued', 'sending', 'unknown');
  unconfirmed := (select count(*) from "Message" m where m."organizationPhoneId" = phone and m.status = 'unconfirmed');
  select count(*), count(*) filter (where e.reason = 'unknown_number') into "unreadEvents", "earlierEvents"
  from (select e.reason from "WebhookEvent" e where e.reason is not null and e."appliedAt" is null
      and e."organizationId" = number."organizationId" and e."phoneNumberId" = number."wabaPhoneNumberId"
    union all select e.reason from "WebhookEvent" e where e.reason is not null and e."appliedAt" is null
      and e."organizationId" is null and e."phoneNumberId" = number."wabaPhoneNumberId") e;
  return next;
end $$;
