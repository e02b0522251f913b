-- Adds the messages since the last run, at most `max_messages`, to "InboundHour". A message whose transaction was open then is
-- found later: the last 1,000 are read again, which changes nothing. Hours older than five weeks are dropped, once an hour.
create or replace function record_inbound(at timestamptz, max_messages int) returns void language plpgsql
  set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  from_id int;
  to_id int;
begin
  insert into "InboundCursor" (id) values (1) on conflict do nothing;
  select greatest(c."messageId" - 1000, 0) into from_id from "InboundCursor" c for update;
  to_id := (select max(m.id) from (select id from "Message" where id > from_id order by id limit max_messages + 1000) m);
  if to_id is null then return; end if;
  insert into "InboundHour" ("organizationPhoneId", hour, slots, "lastAt")
  select m."organizationPhoneId", date_trunc('hour', m."receivedAt"),
    bit_or(1 << (extract(minute from m."receivedAt")::int / 5)), max(m."receivedAt")
  from "Message" m where m.id > from_id and m.id <= to_id and not m."fromMe" and not m."isHistory"
    and m."receivedAt" > at - interval '35 days'
  group by 1, 2 order by 1, 2
  on conflict ("organizationPhoneId", hour) do update
    set slots = "InboundHour".slots | excluded.slots, "lastAt" = greatest("InboundHour"."lastAt", excluded."lastAt")
    where "InboundHour".slots | excluded.slots <> "InboundHour".slots or excluded."lastAt" > "InboundHour"."lastAt";
  update "InboundCursor" set "messageId" = to_id;
  if extract(minute from at) = 0 then delete from "InboundHour" h where h.hour < at - interval '35 days'; end if;
end $$;
