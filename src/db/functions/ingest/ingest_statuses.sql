-- A state exists once, with the earliest of its reported times: the first to come would depend on the order. Without
-- its message it waits, and has no number. The caller holds the chats' locks, so no number is lost to a conflict.
create or replace function ingest_statuses(statuses "IngestItem"[]) returns "IngestedEvent"[] language plpgsql as $$
#variable_conflict use_column
declare
  events "IngestedEvent"[];
  settled int[];
begin
  with told as (
    select distinct on (i."organizationPhoneId", i.wamid, i.status, i.participant) i.* from unnest(statuses) i
    order by i."organizationPhoneId", i.wamid, i.status, i.participant, i.at, i.payload),
  met as (
    select t.*, m."chatId" chat, s.id known, s.seq "oldSeq", s.seq is null and m.id is not null "isNew"
    from told t left join "Message" m on m.id = t."messageId" left join "MessageStatus" s
      on s."organizationPhoneId" = t."organizationPhoneId" and s.wamid = t.wamid and s.status = t.status and s.participant = t.participant),
  numbered as (
    select met.*, case when "isNew" then c.head + row_number() over (partition by chat, "isNew" order by met.at, status_rank(met.status), met.status, met."messageId")::int
      else "oldSeq" end number from met left join "Chat" c on c.id = chat),
  kept as (
    insert into "MessageStatus" as s ("organizationPhoneId", wamid, status, participant, "messageId", seq, error, payload, "happenedAt", "receivedAt", price,
      conversation)
    select "organizationPhoneId", wamid, status, participant, "messageId", number, error, payload::json, at, coalesce("receivedAt", now()), price,
      conversation from numbered
    on conflict ("organizationPhoneId", wamid, status, participant) do update set
      "messageId" = coalesce(s."messageId", excluded."messageId"), seq = coalesce(s.seq, excluded.seq),
      error = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) then excluded.error else s.error end,
      price = coalesce(s.price, excluded.price), conversation = coalesce(s.conversation, excluded.conversation),
      payload = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) then excluded.payload else s.payload end,
      "happenedAt" = least(s."happenedAt", excluded."happenedAt")
    where (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) or s.seq is null and excluded.seq is not null
      or s.price is null and excluded.price is not null),
  log as (insert into "ChatEvent" ("chatId", seq, event, "messageId", data)
    select chat, number, 'message.updated', "messageId", jsonb_build_object('status', status, 'at', rfc3339(at)) from numbered where "isNew"),
  top as (update "Chat" c set head = t.head from (select chat, max(number) head from numbered where "isNew" group by 1) t where c.id = t.chat),
  -- The status that names our own tag is the first to tell Meta's id.
  named as (update "Message" m set wamid = n.wamid from (select distinct "messageId", wamid from numbered where "isNew") n
    where m.id = n."messageId" and m.wamid is null returning m.id)
  select array_agg(row(chat, number, 'message.updated', "messageId", "isNew")::"IngestedEvent"), (select array_agg(id) from named)
  into events, settled from numbered where chat is not null;
  -- What waited for a wamid that a tag has just told: the event of the tagged status tells of it.
  if settled is not null then
    update "MessageStatus" s set "messageId" = m.id, seq = e.seq from unnest(events) e join "Message" m on m.id = e."messageId"
    where m.id = any(settled) and s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = m.wamid and s."messageId" is null;
    events := events || log_updates(amend(settled));
  end if;
  perform raise_statuses(array(select e."messageId" from unnest(events) e));
  return coalesce(events, '{}');
end $$;
