-- See db/ingest.ts for what goes in and comes out. Plans are kept, and one that was made while a table was small would
-- read all of it later: every look-up here has its index, so the planner is told to take it.
create or replace function ingest(batch json) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  epoch text := (select e.epoch from "Epoch" e);
  items "IngestItem"[];
  statuses "IngestItem"[];
  events "IngestedEvent"[] := '{}';
  stored "IngestedEvent"[];
  fresh int[];
  renamed int[];
begin
  -- 1. Whose number; what we know already. Sorted, so that two calls meet in the same order. A message that is stored
  --    is looked up first: its redelivery after a change of number must not make an empty contact and chat.
  items := array(
    select row(i.pos, i.kind, i."phoneNumberId", i.wamid, i."fromMe", i.phone, i."userId", i."groupId", i.username, i.name,
      i."messageType", i.body, i.payload, i."refersTo", i.amends, i.emoji, i."newBody", i."opensWindow", i.status,
      i.participant, i.tag, i.error, i.at, i."receivedAt", i."spooledAt", p."organizationId", p.id, k.id, c.id, m.id,
      -- What one status tells by its tag holds for the others of its wamid.
      max(case when i.tag ~ '^[^.]+\.[0-9]{1,9}$' and split_part(i.tag, '.', 1) = epoch then split_part(i.tag, '.', 2)::int end)
        over (partition by p.id, i.wamid),
      i.content, i.sender, i.media, i."isHistory", i.price, i.conversation, i."parentUserId", i."identityHash", null)::"IngestItem"
    from json_populate_recordset(null::"IngestItem", batch) i
    left join "OrganizationPhone" p on p."wabaPhoneNumberId" = i."phoneNumberId"
    left join lateral (select m.id from "Message" m where m."organizationPhoneId" = p.id and m.wamid = i.wamid
                       and (i.kind = 'message' or m."fromMe")) m on true
    left join lateral (select coalesce(
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."userId" = i."userId"
          and (i.phone is null or k.phone = i.phone)),
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k.phone = i.phone and i."userId" is null),
        (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."groupId" = i."groupId")) id
      where i.kind = 'message' and m.id is null) k on true
    left join "Chat" c on c."organizationPhoneId" = p.id and c."contactId" = k.id
    order by p.id, i.phone, i."userId", i.pos);

  -- 2. A status, and the echo or the tagged status that tells whose it is, may come by two paths at once: all take one
  --    lock per wamid, in order.
  perform pg_advisory_xact_lock(k) from (
    select distinct hashtextextended(concat(i."organizationPhoneId", ' ', i.wamid), 0) k from unnest(items) i
    where i."organizationPhoneId" is not null and i."messageId" is null and (i.kind = 'status' or i."fromMe") order by 1) locks;

  -- 3. The messages of the statuses; people and chats not seen before.
  for n in 1..cardinality(items) loop
    continue when items[n]."organizationPhoneId" is null or items[n]."messageId" is not null;
    if items[n].kind = 'status' then
      items[n]."messageId" := message_of(items[n]."organizationPhoneId", items[n].wamid, items[n].tagged);
    elsif items[n]."chatId" is null then
      if items[n]."contactId" is null then items[n]."contactId" := contact_for(items[n]); end if;
      items[n]."chatId" := chat_for(items[n]."organizationId", items[n]."organizationPhoneId", items[n]."contactId");
    end if;
  end loop;
  perform from "Contact" c where c.id in (select i."contactId" from unnest(items) i where coalesce(i.name, i.username) is not null)
    order by c.id for no key update;
  with names as (select distinct on (i."contactId") i."contactId" id, i.name, i.at from unnest(items) i
      where i."contactId" is not null and i.name is not null order by i."contactId", i.at desc, i.name),
    usernames as (select distinct on (i."contactId") i."contactId" id, i.username, i.at from unnest(items) i
      where i."contactId" is not null and i.username is not null order by i."contactId", i.at desc, i.username)
  update "Contact" c set
    name = case when n.newer then n.name else c.name end, "namedAt" = case when n.newer then n.at else c."namedAt" end,
    username = case when u.newer then u.username else c.username end,
    "usernamedAt" = case when u.newer then u.at else c."usernamedAt" end,
    "updatedAt" = case when n.newer and n.name is distinct from c.name or u.newer and u.username is distinct from c.username
      then now() else c."updatedAt" end
  from "Contact" o
    left join lateral (select names.*, (names.at, o.name) > (o."namedAt", names.name) or o."namedAt" is null newer
      from names where names.id = o.id) n on true
    left join lateral (select usernames.*, (usernames.at, o.username) > (o."usernamedAt", usernames.username)
      or o."usernamedAt" is null newer from usernames where usernames.id = o.id) u on true
  where c.id = o.id and o.id in (select i."contactId" from unnest(items) i) and (n.newer or u.newer);

  -- A person's chats with our other numbers show him too.
  renamed := array(select c.id from "Contact" k join "Chat" c on c."contactId" = k.id
    where k.id in (select i."contactId" from unnest(items) i) and k."updatedAt" = now()::timestamptz(3) and k."createdAt" < k."updatedAt"
      and c.id not in (select i."chatId" from unnest(items) i where i."chatId" is not null));

  -- 4. Own the numbers of every chat concerned until commit. Known messages change nothing and lock nothing.
  perform from "Chat" c where c.id in (
    select i."chatId" from unnest(items) i union select unnest(renamed) union
    select m."chatId" from unnest(items) i join "Message" m on m.id = i."messageId" where i.kind = 'status')
    order by c.id for no key update;

  -- 5. Messages, with their files. Of one wamid with two contents the first stays.
  items := files_of(items);
  with told as (select distinct on (i."organizationPhoneId", i.wamid) i.* from unnest(items) i
      where i.kind = 'message' and i."organizationPhoneId" is not null order by i."organizationPhoneId", i.wamid, i.pos),
    known as (select m.id, m."chatId", m.seq from told t
      join "Message" m on m."organizationPhoneId" = t."organizationPhoneId" and m.wamid = t.wamid),
    unseen as (select t.*, c.head + row_number() over (partition by t."chatId" order by t.at, t.pos)::int seq
      from told t join "Chat" c on c.id = t."chatId" where not exists (
        select from "Message" m where m."organizationPhoneId" = t."organizationPhoneId" and m.wamid = t.wamid)),
    made as (insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload,
        "refersTo", amends, emoji, "newBody", status, "createdAt", "receivedAt", "spooledAt", content, sender, "mediaId", "isHistory")
      select "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload::json,
        "refersTo", amends, emoji, "newBody", case when "fromMe" then coalesce(status, 'sent') end, at, coalesce("receivedAt", now()), "spooledAt",
        content::json, sender, "mediaId", coalesce("isHistory", false) from unseen
      returning id, "chatId", seq, "fromMe", amends, "createdAt", "isHistory", "mediaId"),
    log as (insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.created', id from made),
    top as (update "Chat" c set head = t.seq, "unreadCount" = c."unreadCount" + t.unread, "updatedAt" = now(),
        status = case when t.unread > 0 then 'open' else c.status end,
        "lastInboundAt" = greatest(c."lastInboundAt", t."inboundAt"),
        "lastMessageId" = case when t."lastAt" >= c."lastMessageAt" then t."lastId" else c."lastMessageId" end,
        "lastMessageAt" = greatest(c."lastMessageAt", t."lastAt")
      from (select m."chatId", max(m.seq) seq, count(*) filter (where not m."fromMe" and m.amends is null and not m."isHistory") unread,
          -- A time in the future must not keep the window open.
          max(least(n.at, now())) filter (where n."opensWindow") "inboundAt",
          max(m."createdAt") filter (where m.amends is null) "lastAt",
          (array_agg(m.id order by m."createdAt" desc, m.seq desc) filter (where m.amends is null))[1] "lastId"
        from made m join unseen n on n."chatId" = m."chatId" and n.seq = m.seq group by 1) t
      where c.id = t."chatId")
  select array_agg(row("chatId", seq, 'message.created', id, "isNew")::"IngestedEvent"), array_agg(id) filter (where "isNew")
  into stored, fresh
  from (select id, "chatId", seq, true "isNew" from made union all select id, "chatId", seq, false from known) e;
  events := events || coalesce(stored, '{}');
  if fresh is not null then events := events || log_updates(amend(fresh)); end if;
  if cardinality(renamed) > 0 then
    with n as (select c.id, c.head + 1 seq from "Chat" c where c.id = any(renamed)),
    log as (insert into "ChatEvent" ("chatId", seq, event) select id, seq, 'chat.updated' from n),
    top as (update "Chat" c set head = n.seq from n where c.id = n.id)
    select events || array_agg(row(id, seq, 'chat.updated', null, true)::"IngestedEvent") into events from n;
  end if;

  -- 6. Statuses; first those that waited for an echo which has just come: its own event tells of them.
  update "MessageStatus" s set "messageId" = m.id, seq = m.seq from "Message" m
  where m.id = any(fresh) and m."fromMe" and s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = m.wamid and s."messageId" is null;
  if found then
    perform raise_statuses(fresh);
  end if;
  statuses := array(select i from unnest(items) i where i.kind = 'status' and i."organizationPhoneId" is not null);
  if cardinality(statuses) > 0 then
    for n in 1..cardinality(statuses) loop
      if statuses[n]."messageId" is null then
        statuses[n]."messageId" := message_of(statuses[n]."organizationPhoneId", statuses[n].wamid, statuses[n].tagged);
      end if;
    end loop;
    events := events || ingest_statuses(statuses);
  end if;

  return json_build_object('committed', committed(events),
    'files', (select coalesce(json_agg(distinct i."organizationPhoneId"), '[]') from unnest(items) i
      where i."mediaId" is not null and i."messageId" is null),
    'unknown', (select coalesce(json_agg(i.pos), '[]') from unnest(items) i where i."organizationPhoneId" is null));
end $$;
