-- Stores raw what is no message and no status, or could not be read or applied; a redelivery is known by its content, which
-- includes Meta's time. What has a `parsed` is acted upon in this transaction, and again when it comes again: all of it is
-- latest-wins. Gives the notices that are new, to be published (`committed_notices`).
create or replace function store_notices(notices json) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  told record;
  kept "WebhookEvent";
  made int[];
  fresh int[] := '{}';
begin
  -- By hash, so that two calls meet in the same order.
  for told in
    select t.*, encode(sha256(convert_to(coalesce(t.source, t.raw), 'UTF8')), 'hex') hash
    from json_to_recordset(notices) t("phoneNumberId" text, "wabaId" text, field text, reason text, source text, raw text, parsed jsonb)
    order by hash
  loop
    insert into "WebhookEvent" ("organizationId", "phoneNumberId", "wabaId", field, reason, payload, raw, hash)
    values (coalesce(
        (select p."organizationId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = told."phoneNumberId"),
        (select min(p."organizationId") from "OrganizationPhone" p where p."wabaId" = told."wabaId" having count(distinct p."organizationId") = 1)),
      told."phoneNumberId", told."wabaId", told.field, told.reason, told.source::json, decode(told.raw, 'base64'), told.hash)
    on conflict (hash) do nothing;
    continue when told.parsed is null;
    select * into kept from "WebhookEvent" e where e.hash = told.hash;
    made := apply_notice(told.parsed, told.hash, told."phoneNumberId", told."wabaId", told.field, kept."receivedAt");
    continue when made is null;
    fresh := fresh || made;
    update "WebhookEvent" e set "appliedAt" = now() where e.id = kept.id and e."appliedAt" is null;
  end loop;
  return committed_notices(fresh);
end $$;
