-- Records the recipients that statuses report (`join_recipient`), by the statuses of a batch. While their message is not known, the
-- recipient waits with the status (`join_known`); until then only ids seen together are evidence, and only of a contact that exists: a
-- status creates none.
create or replace function join_recipients(batch json) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  seen record;
  sighting "Sighting";
begin
  for seen in
    select r.*, p.id "organizationPhoneId", p."organizationId", k."messageId"
    from json_to_recordset(batch) r("phoneNumberId" text, wamid text, phone text, "userId" text, at timestamptz)
    join "OrganizationPhone" p on p."wabaPhoneNumberId" = r."phoneNumberId"
    left join lateral (select m.id "messageId", c.phone, c."userId", c."identifiedAt" from "Message" m join "Chat" h on h.id = m."chatId"
      join "Contact" c on c.id = h."contactId"
      where m."organizationPhoneId" = p.id and m.wamid = r.wamid and m."fromMe" offset 0) k on true
    where coalesce(r.phone, r."userId") is not null and (k."messageId" is null
      or not (coalesce(r.phone = k.phone, r.phone is null) and coalesce(r."userId" = k."userId", r."userId" is null) and k."identifiedAt" <= r.at))
    order by r.at, r.wamid
  loop
    if seen."messageId" is not null then
      perform join_recipient(seen."messageId", seen.phone, seen."userId", seen.at);
      continue;
    end if;
    update "MessageStatus" s set "recipientPhone" = seen.phone, "recipientUserId" = seen."userId"
    where s."organizationPhoneId" = seen."organizationPhoneId" and s.wamid = seen.wamid and s."messageId" is null
      and (s."recipientPhone", s."recipientUserId") is distinct from (seen.phone, seen."userId") and s."happenedAt" = seen.at;
    continue when seen.phone is null or seen."userId" is null
      or (identity_of(seen."organizationId", 'userId', seen."userId")).id is null and (identity_of(seen."organizationId", 'phone', seen.phone)).id is null;
    sighting := row(null, seen."organizationId", seen."organizationPhoneId", seen.phone, seen."userId", null, null, seen.at);
    perform contact_for(sighting);
  end loop;
end $$;
