-- Stores raw what is neither a message nor a status, or could not be parsed or applied; a redelivery is recognized by its
-- content, which includes Meta's time. An item that was `parsed` is applied in this transaction, and again when it is
-- redelivered: every part of it is latest-wins. One without an owner (`notice_owner`) is stored with its reason, for operators
-- alone. `sourceBytes`: the source in base64, to be stored as bytes, since Postgres refuses it as JSON. Returns `notices`, the
-- new ones to be published (`notices_json`), and `unassigned`: `eventId` and `reason` of critical ones that nobody was shown.
create or replace function store_notices(notices json) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  item record;
  owner record;
  stored "WebhookEvent";
  fresh int[] := '{}';
  unassigned jsonb := '[]';
  has_erased bool := exists (select from "Erasure");
begin
  -- By hash, so that two calls lock in the same order.
  for item in
    select t.*, t.parsed->'notice'->'subject' subject, encode(sha256(coalesce(
      convert_to(coalesce(t.source, t.raw), 'UTF8'), decode(t."sourceBytes", 'base64'))), 'hex') hash
    from json_to_recordset(notices) t("phoneNumberId" text, "wabaId" text, field text, reason text, source text, raw text,
      "sourceBytes" text, parsed jsonb, names jsonb)
    order by hash
  loop
    -- Erased: see `finish_erasure`.
    continue when exists (select from "Erasure" e where e.hash = erasure_hash('event', item.hash));
    select * into owner from notice_owner(item."phoneNumberId", item."wabaId", item.subject);
    -- What Meta reports late of an erased person must not bring them back: nothing is kept that names them.
    if has_erased and is_erased(owner.organizations, mentioned_ids(item.source), latest_at(item.parsed, item.names)) then
      perform apply_notice(without_erased(owner.organizations, item.parsed), item.hash, owner.phone, owner.organizations, item."wabaId",
        item.field, now()) where item.parsed is not null;
      continue;
    end if;
    insert into "WebhookEvent" ("organizationId", "phoneNumberId", "wabaId", field, reason, severity, payload, raw, hash)
    values (case when cardinality(owner.organizations) = 1 then owner.organizations[1] end,
      item."phoneNumberId", item."wabaId", item.field,
      coalesce(item.reason, case when item.parsed is not null and owner.organizations = '{}' then
        case when item."phoneNumberId" is not null or item.subject->>'type' = 'phoneNumber' then 'unknown_number' else 'unknown_account' end end),
      item.parsed->'notice'->>'severity', item.source::json,
      decode(coalesce(item."sourceBytes", item.raw), 'base64'), item.hash)
    on conflict (hash) do nothing;
    continue when item.parsed is null;
    select * into stored from "WebhookEvent" e where e.hash = item.hash;
    if owner.organizations = '{}' then
      if item.parsed->'notice'->>'severity' = 'critical' then
        unassigned := unassigned || jsonb_build_object('eventId', stored.id, 'reason', stored.reason);
      end if;
      continue;
    end if;
    fresh := fresh || apply_notice(item.parsed, item.hash, owner.phone, owner.organizations, item."wabaId", item.field, stored."receivedAt");
    update "WebhookEvent" e set "appliedAt" = now() where e.id = stored.id and e."appliedAt" is null;
  end loop;
  return json_build_object('notices', notices_json(fresh), 'unassigned', unassigned);
end $$;
