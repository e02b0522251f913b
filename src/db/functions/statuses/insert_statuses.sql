-- Stores reported statuses, logs each new one in its chat, and raises the messages' own status. A status exists once per wamid
-- and participant, with the earliest reported time: the first to arrive would depend on the order. A status whose message is
-- unknown waits, without a number. Returns an event per status whose message is known. The caller holds the chats' locks.
create or replace function insert_statuses(items "InboundStatus"[]) returns "IngestedEvent"[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  events "IngestedEvent"[];
  settled int[];
  echoes int[];
begin
  -- The wamid of a tagged message may be with an echo that was faster.
  echoes := array(select unnest(release_echo(e.id, m.id)) from (select distinct i."messageId", i."organizationPhoneId", i.wamid from unnest(items) i where i."messageId" = i.tagged) i
    join "Message" m on m.id = i."messageId" and m.wamid is null
    join "Message" e on e."organizationPhoneId" = i."organizationPhoneId" and e.wamid = i.wamid);
  with unique_items as (
    select distinct on (i."organizationPhoneId", i.wamid, i.status, i.participant) i.* from unnest(items) i
    where i."organizationPhoneId" is not null
    order by i."organizationPhoneId", i.wamid, i.status, i.participant, i.at, i.payload),
  known as (
    select i.*, m."chatId" chat, s.seq "oldSeq", s.seq is null and m.id is not null "isNew"
    from unique_items i left join "Message" m on m.id = i."messageId" left join "MessageStatus" s
      on s."organizationPhoneId" = i."organizationPhoneId" and s.wamid = i.wamid and s.status = i.status
        and s.participant = i.participant),
  numbered as materialized (
    select k.*, case when k."isNew" then c.head + row_number() over (
        partition by k.chat, k."isNew" order by k.at, status_rank(k.status), k.status, k."messageId")::int
      else k."oldSeq" end number
    from known k left join "Chat" c on c.id = k.chat),
  stored as (
    insert into "MessageStatus" as s ("organizationPhoneId", wamid, status, participant, "messageId", seq, error, payload,
      "happenedAt", "receivedAt", price, conversation, payment)
    select n."organizationPhoneId", n.wamid, n.status, n.participant, n."messageId", n.number, n.error, n.payload::json, n.at,
      coalesce(n."receivedAt", now()), n.price, n.conversation, n.payment
    from numbered n
    on conflict ("organizationPhoneId", wamid, status, participant) do update set
      "messageId" = coalesce(s."messageId", excluded."messageId"), seq = coalesce(s.seq, excluded.seq),
      error = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text)
        then excluded.error else s.error end,
      price = coalesce(s.price, excluded.price), conversation = coalesce(s.conversation, excluded.conversation),
      payment = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text)
        then excluded.payment else s.payment end,
      payload = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text)
        then excluded.payload else s.payload end,
      "happenedAt" = least(s."happenedAt", excluded."happenedAt")
    where (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text)
      or s.seq is null and excluded.seq is not null or s.price is null and excluded.price is not null),
  logged as (
    insert into "ChatEvent" ("chatId", seq, event, "messageId", data)
    select n.chat, n.number, 'message.updated', n."messageId", jsonb_build_object('status', n.status, 'at', rfc3339(n.at))
    from numbered n where n."isNew"),
  advanced as (
    update "Chat" c set head = n.head
    from (select n.chat, max(n.number) head from numbered n where n."isNew" group by n.chat) n where c.id = n.chat),
  -- A tagged status is the first to reveal Meta's id.
  named as (
    update "Message" m set wamid = n.wamid from (select distinct n."messageId", n.wamid from numbered n where n."isNew") n
    where m.id = n."messageId" and m.wamid is null returning m.id)
  select array_agg(row(n.chat, n.number, 'message.updated', n."messageId", n."isNew")::"IngestedEvent"),
    (select array_agg(d.id) from named d)
  into events, settled from numbered n where n.chat is not null;
  if events is null then return '{}'; end if;
  if settled is not null then events := events || attach_named_statuses(settled, events); end if;
  events := events || log_updates(echoes);
  perform raise_statuses(array(select e."messageId" from unnest(events) e));
  return events;
end $$;
