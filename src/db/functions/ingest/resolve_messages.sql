-- Resolves each message of a batch: the business number, and the stored message if there is one; else its contact and chat,
-- where the plain look-ups find them and show nothing new (`place_messages` does the rest); null where there is none. `n` is the position in the
-- batch, from 1. The stored message is looked up first: a redelivery after the customer changed numbers must not create an
-- empty contact and chat.
-- Each look-up is a sub-select, so that it is one index probe whatever the planner's statistics.
create or replace function resolve_messages(batch json) returns "PlacedMessage"[] language plpgsql stable
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return array(
    select row(i.n, p."organizationId", p.id, k.id,
      (select c.id from "Chat" c where c."contactId" = k.id and c."organizationPhoneId" = p.id),
      m.id, i.wamid, coalesce(i."fromMe", false), i.amends, coalesce(i."opensServiceWindow", false), coalesce(i."isHistory", false),
      i.media is not null, i.name, i.username, i.at)::"PlacedMessage"
    from rows from (json_to_recordset(batch) as ("phoneNumberId" text, wamid text, "fromMe" bool, phone text, "userId" text,
      "groupId" text, name text, username text, amends text, "opensServiceWindow" bool, "isHistory" bool, media json,
      at timestamptz)) with ordinality
      i("phoneNumberId", wamid, "fromMe", phone, "userId", "groupId", name, username, amends, "opensServiceWindow", "isHistory", media,
        at, n)
    left join "OrganizationPhone" p on p."wabaPhoneNumberId" = i."phoneNumberId"
    cross join lateral (
      select (select m.id from "Message" m where m."organizationPhoneId" = p.id and m.wamid = i.wamid) id offset 0) m
    cross join lateral (
      select case when m.id is null then coalesce(
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."userId" = i."userId"
          and (i.phone is null or k.phone = i.phone) and k."identifiedAt" <= i.at),
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k.phone = i.phone
          and i."userId" is null and k."identifiedAt" <= i.at),
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."groupId" = i."groupId")) end id
      offset 0) k
    order by i.n);
end $$;
