-- Stores raw what is neither a message nor a status, or could not be parsed or applied; a redelivery is recognized by its
-- content, which includes Meta's time. An item that was `parsed` is applied in this transaction, and again when it is
-- redelivered: every part of it is latest-wins. Returns the new notices, to be published (`notices_json`).
create or replace function store_notices(notices json) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  item record;
  stored "WebhookEvent";
  made int[];
  fresh int[] := '{}';
begin
  -- By hash, so that two calls lock in the same order.
  for item in
    select t.*, encode(sha256(convert_to(coalesce(t.source, t.raw), 'UTF8')), 'hex') hash
    from json_to_recordset(notices) t("phoneNumberId" text, "wabaId" text, field text, reason text, source text, raw text, parsed jsonb)
    order by hash
  loop
    insert into "WebhookEvent" ("organizationId", "phoneNumberId", "wabaId", field, reason, payload, raw, hash)
    values (coalesce(
        (select p."organizationId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = item."phoneNumberId"),
        (select min(p."organizationId") from "OrganizationPhone" p where p."wabaId" = item."wabaId" having count(distinct p."organizationId") = 1)),
      item."phoneNumberId", item."wabaId", item.field, item.reason, item.source::json, decode(item.raw, 'base64'), item.hash)
    on conflict (hash) do nothing;
    continue when item.parsed is null;
    select * into stored from "WebhookEvent" e where e.hash = item.hash;
    made := apply_notice(item.parsed, item.hash, item."phoneNumberId", item."wabaId", item.field, stored."receivedAt");
    continue when made is null;
    fresh := fresh || made;
    update "WebhookEvent" e set "appliedAt" = now() where e.id = stored.id and e."appliedAt" is null;
  end loop;
  return notices_json(fresh);
end $$;
