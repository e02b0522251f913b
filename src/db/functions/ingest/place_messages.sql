-- Finds or creates the contacts and chats that the plain look-ups of `resolve_messages` did not find, by all current and
-- former ids of a person. In the order of their keys, so that two calls lock in the same order.
create or replace function place_messages(batch json, places "PlacedMessage"[]) returns "PlacedMessage"[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  sighting "Sighting";
begin
  for sighting in
    select i.n, i."organizationId", i."organizationPhoneId", i.phone, i."userId", i."parentUserId", i."groupId", i.at
    from (
      select i.*, places[i.n]."organizationId", places[i.n]."organizationPhoneId"
      from rows from (json_to_recordset(batch) as (phone text, "userId" text, "parentUserId" text, "groupId" text,
        at timestamptz)) with ordinality i(phone, "userId", "parentUserId", "groupId", at, n)
      where places[i.n]."chatId" is null and places[i.n]."messageId" is null) i
    where i."organizationPhoneId" is not null
    order by i."organizationPhoneId", i.phone, i."userId", i.n
  loop
    if places[sighting.n]."contactId" is null then
      places[sighting.n]."contactId" := contact_for(sighting);
    end if;
    places[sighting.n]."chatId" := chat_for(sighting."organizationId", sighting."organizationPhoneId",
      places[sighting.n]."contactId");
  end loop;
  return places;
end $$;
