-- Parses statuses, and finds the business number and the message of each (null while it is not known). A tag on one status of
-- a wamid applies to the others of that wamid; a tag of another deployment, or of a restored database, is ignored.
create or replace function resolve_statuses(batch json) returns "InboundStatus"[] language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  this_epoch text := (select e.epoch from "Epoch" e);
begin
  return array(
    select row(i.n, i."phoneNumberId", i.wamid, i.status, i.participant, i.tag, i.error, i.price, i.conversation, i.payload,
      i.at, i."receivedAt", p.id,
      (select m.id from "Message" m where m."organizationPhoneId" = p.id and m.wamid = i.wamid and m."fromMe"),
      max(case when i.tag ~ '^[^.]+\.[0-9]{1,10}$' and split_part(i.tag, '.', 1) = this_epoch
        then nullif(least(split_part(i.tag, '.', 2)::bigint, 2147483648), 2147483648)::int end)
        over (partition by p.id, i.wamid), i.payment)::"InboundStatus"
    from rows from (json_to_recordset(batch) as ("phoneNumberId" text, wamid text, status text, participant text, tag text,
      error jsonb, price jsonb, conversation jsonb, payment jsonb, payload text, at timestamptz, "receivedAt" timestamptz)) with ordinality
      i("phoneNumberId", wamid, status, participant, tag, error, price, conversation, payment, payload, at, "receivedAt",
        n)
    left join "OrganizationPhone" p on p."wabaPhoneNumberId" = i."phoneNumberId"
    order by i.n);
end $$;
