-- One batch of what Meta told us → rows, numbers, and what to publish. One call is one transaction and one round trip.
--
-- READ COMMITTED, and separate statements: a statement sees what was committed when it began, so taking a lock and
-- reading what the lock's previous holder wrote must be two statements. Inside one CTE the read would miss it.

-- One order for the life of a message: of two states the later in this list wins, whichever came first. Unknown words
-- rank 0. The same list stands in domain/delivery-status.ts.
create function status_rank(status text) returns int language sql immutable as $$
  select coalesce(array_position(array['queued', 'sending', 'unknown', 'unconfirmed', 'accepted', 'sent', 'failed',
    'delivered', 'read', 'played'], status), 0)
$$;
--> statement-breakpoint
-- The message of ours that a status speaks of: by Meta's id, or by our own tag while Meta's id is not known yet.
-- Two look-ups, never "wamid = … or id = …" in one: on a large table that OR reads all of it.
create function message_of(phone int, wamid text, tagged int) returns int language sql stable as $$
  select coalesce(
    (select m.id from "Message" m where m."organizationPhoneId" = phone and m.wamid = message_of.wamid and m."fromMe"),
    (select m.id from "Message" m where m.id = tagged and m."organizationPhoneId" = phone and m.wamid is null and m."fromMe"))
$$;
--> statement-breakpoint
create type "IngestItem" as (
  pos int, kind text, "phoneNumberId" text, wamid text, "fromMe" bool, phone text, "userId" text, "groupId" text,
  username text, name text, "messageType" text, body text, payload text, "refersTo" text, amends text, emoji text,
  "newBody" text, "opensWindow" bool, status text, participant text, tag text, error jsonb, at timestamptz,
  "receivedAt" timestamptz, "spooledAt" timestamptz,
  -- found out by `ingest`
  "organizationId" int, "organizationPhoneId" int, "contactId" int, "chatId" int, "messageId" int, tagged int);
--> statement-breakpoint
create type "IngestedEvent" as (
  "chatId" int, seq int, event text, "messageId" int, "isNew" bool);
--> statement-breakpoint
-- Finds the person by user id, then by phone, or writes him down; what one sighting tells more than we knew is added.
-- Two people are never made one by guess, for phone numbers are recycled: where the user id says one and the phone
-- says another, the user id has it.
create function contact_for(i "IngestItem") returns int language plpgsql as $$
#variable_conflict use_column
declare
  by_user int; by_phone int; contact int;
begin
  loop
    if i."groupId" is not null then
      select id into contact from "Contact" c where c."organizationId" = i."organizationId" and c."groupId" = i."groupId";
      if contact is not null then return contact; end if;
    else
      select id into by_user from "Contact" c where c."organizationId" = i."organizationId" and c."userId" = i."userId";
      select id into by_phone from "Contact" c where c."organizationId" = i."organizationId" and c.phone = i.phone;
      if by_user is not null then
        if by_phone is null and i.phone is not null then
          update "Contact" set phone = i.phone, "updatedAt" = now() where id = by_user and phone is null;
        end if;
        return by_user;
      end if;
      if by_phone is not null then
        if i."userId" is null then return by_phone; end if;
        update "Contact" set "userId" = i."userId", "updatedAt" = now() where id = by_phone and "userId" is null;
        if found then return by_phone; end if;
      end if;
    end if;
    insert into "Contact" ("organizationId", phone, "userId", "groupId")
    values (i."organizationId", case when by_phone is null then i.phone end, i."userId", i."groupId")
    on conflict do nothing returning id into contact;
    if contact is not null then return contact; end if;
  end loop;
end $$;
--> statement-breakpoint
create function chat_for(organization int, phone int, contact int) returns int language plpgsql as $$
#variable_conflict use_column
declare
  chat int;
begin
  loop
    select id into chat from "Chat" c where c."organizationPhoneId" = phone and c."contactId" = contact;
    if chat is not null then return chat; end if;
    insert into "Chat" ("organizationId", "organizationPhoneId", "contactId") values (organization, phone, contact)
    on conflict do nothing returning id into chat;
    if chat is not null then return chat; end if;
  end loop;
end $$;
--> statement-breakpoint
-- Links replies to what they reply to, and carries reactions, edits and revokes over to the row they speak of, whichever
-- of the two came first; `fresh` are the messages that were just made, or whose wamid was just told. All is computed from
-- the rows that are there, so every order of arrival ends alike: of two reactions or edits the later by Meta's time holds
-- (ties by wamid), a revoke beats an edit, and only the author of a message edits or revokes it. Returns the older
-- messages that changed.
create function amend(fresh int[]) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  linked int[]; changed int[];
begin
  if not exists (select from "Message" m where m.id = any(fresh) and m."refersTo" is not null) and not exists (
    select from "Message" m join "Message" r on r."organizationPhoneId" = m."organizationPhoneId" and r."refersTo" = m.wamid
    where m.id = any(fresh)) then return '{}'; end if;
  with pairs as (
    select r.id reply, t.id original from "Message" r join "Message" t
      on t."organizationPhoneId" = r."organizationPhoneId" and t.wamid = r."refersTo" and t."chatId" = r."chatId"
    where r.id = any(fresh) and r.amends is null
    union
    select r.id, t.id from "Message" t join "Message" r
      on r."organizationPhoneId" = t."organizationPhoneId" and r."refersTo" = t.wamid and r."chatId" = t."chatId"
    where t.id = any(fresh) and r.amends is null),
  done as (update "Message" r set "replyToMessageId" = p.original from pairs p
    where r.id = p.reply and r."replyToMessageId" is null returning r.id)
  select array_agg(id) into linked from done;
  with concerned as (
    select t.id from "Message" a join "Message" t
      on t."organizationPhoneId" = a."organizationPhoneId" and t.wamid = a."refersTo" and t."chatId" = a."chatId"
    where a.id = any(fresh) and a.amends is not null
    union
    select t.id from "Message" t where t.id = any(fresh) and exists (
      select from "Message" a where a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a.amends is not null)),
  targets as (select t.* from concerned join "Message" t using (id)),
  told as (
    select t.id, t."fromMe" mine, a."fromMe", a.amends, a.emoji, a."newBody", a."createdAt", a.wamid
    from targets t join "Message" a
      on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" = t."chatId"
    where a.amends = 'reaction' or a."fromMe" = t."fromMe"),
  reactions as (
    select id, jsonb_agg(jsonb_build_object('emoji', emoji, 'fromMe', "fromMe") order by "fromMe")
      filter (where emoji is not null) reactions
    from (select distinct on (id, "fromMe") id, "fromMe", emoji from told where amends = 'reaction'
          order by id, "fromMe", "createdAt" desc, wamid desc) r group by id),
  edits as (select distinct on (id) id, "newBody", "createdAt" from told where amends = 'edit'
            order by id, "createdAt" desc, wamid desc),
  revokes as (select id, min("createdAt") "createdAt" from told where amends = 'revoke' group by id),
  now_is as (
    select t.id, coalesce(r.reactions, '[]') reactions, e."createdAt" "editedAt", v."createdAt" "revokedAt",
      case when v.id is not null then '[deleted]' else coalesce(e."newBody", t.body) end body
    from targets t left join reactions r using (id) left join edits e using (id) left join revokes v using (id)),
  done as (
    update "Message" m set reactions = n.reactions, "editedAt" = n."editedAt", "revokedAt" = n."revokedAt", body = n.body
    from now_is n where m.id = n.id
      and (m.reactions, m."editedAt", m."revokedAt", m.body) is distinct from (n.reactions, n."editedAt", n."revokedAt", n.body)
    returning m.id)
  select array_agg(id) into changed from done;
  return array(select unnest(linked || changed) except select unnest(fresh));
end $$;
--> statement-breakpoint
-- Gives the next numbers of their chats to changed messages, writes the log, and returns the events. The caller holds
-- the chats' locks.
create function log_updates(changed int[]) returns "IngestedEvent"[] language plpgsql as $$
#variable_conflict use_column
declare
  events "IngestedEvent"[];
begin
  with n as (
    select m.id, m."chatId", c.head + row_number() over (partition by m."chatId" order by m.id)::int seq
    from "Message" m join "Chat" c on c.id = m."chatId" where m.id = any(changed)),
  log as (insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.updated', id from n),
  top as (update "Chat" c set head = t.seq from (select "chatId", max(seq) seq from n group by 1) t where c.id = t."chatId")
  select array_agg(row("chatId", seq, 'message.updated', id, true)::"IngestedEvent") into events from n;
  return coalesce(events, '{}');
end $$;
--> statement-breakpoint
-- What was committed, for those who publish it (see db/committed.ts): rows only where somebody watches.
create function committed(events "IngestedEvent"[]) returns json language plpgsql stable as $$
#variable_conflict use_column
begin
  return json_build_object(
    'events', (select coalesce(json_agg(json_build_object('chatId', e."chatId", 'seq', e.seq, 'event', e.event, 'isNew', e."isNew",
        'messageId', m.id, 'fromMe', m."fromMe", 'message', case when c."watchedUntil" > now() and m.id is not null then message_json(m) end)
        order by e."chatId", e.seq), '[]')
      from unnest(events) e join "Chat" c on c.id = e."chatId" left join "Message" m on m.id = e."messageId"),
    'chats', (select coalesce(json_agg(json_build_object('id', c.id, 'organizationId', c."organizationId",
        'organizationPhoneId', c."organizationPhoneId",
        'phoneNumberId', (select p."wabaPhoneNumberId" from "OrganizationPhone" p where p.id = c."organizationPhoneId"), 'head', c.head,
        'watched', coalesce(c."watchedUntil" > now(), false), 'inboxWatched', coalesce(o."watchedUntil" > now(), false),
        'chat', case when greatest(c."watchedUntil", o."watchedUntil") > now() then chat_json(c) end)), '[]')
      from "Chat" c join "Organization" o on o.id = c."organizationId" where c.id in (select e."chatId" from unnest(events) e)));
end $$;
--> statement-breakpoint
-- See db/ingest.ts for what goes in and comes out. Plans are kept, and one that was made while a table was small would
-- read all of it later: every look-up here has its index, so the planner is told to take it.
create function ingest(batch json) returns json language plpgsql
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
        over (partition by p.id, i.wamid)
      )::"IngestItem"
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

  -- 5. Messages. Of one wamid with two contents the first stays.
  with told as (select distinct on (i."organizationPhoneId", i.wamid) i.* from unnest(items) i
      where i.kind = 'message' and i."organizationPhoneId" is not null order by i."organizationPhoneId", i.wamid, i.pos),
    known as (select m.id, m."chatId", m.seq from told t
      join "Message" m on m."organizationPhoneId" = t."organizationPhoneId" and m.wamid = t.wamid),
    unseen as (select t.*, c.head + row_number() over (partition by t."chatId" order by t.at, t.pos)::int seq
      from told t join "Chat" c on c.id = t."chatId" where not exists (
        select from "Message" m where m."organizationPhoneId" = t."organizationPhoneId" and m.wamid = t.wamid)),
    made as (insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload,
        "refersTo", amends, emoji, "newBody", status, "createdAt", "receivedAt", "spooledAt")
      select "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload::json,
        "refersTo", amends, emoji, "newBody", case when "fromMe" then 'sent' end, at, coalesce("receivedAt", now()), "spooledAt" from unseen
      returning id, "chatId", seq, "fromMe", amends, "createdAt"),
    log as (insert into "ChatEvent" ("chatId", seq, event, "messageId") select "chatId", seq, 'message.created', id from made),
    top as (update "Chat" c set head = t.seq, "unreadCount" = c."unreadCount" + t.unread, "updatedAt" = now(),
        status = case when t.unread > 0 then 'open' else c.status end,
        "lastInboundAt" = greatest(c."lastInboundAt", t."inboundAt"),
        "lastMessageId" = case when t."lastAt" >= c."lastMessageAt" then t."lastId" else c."lastMessageId" end,
        "lastMessageAt" = greatest(c."lastMessageAt", t."lastAt")
      from (select m."chatId", max(m.seq) seq, count(*) filter (where not m."fromMe" and m.amends is null) unread,
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
    'unknown', (select coalesce(json_agg(i.pos), '[]') from unnest(items) i where i."organizationPhoneId" is null));
end $$;
--> statement-breakpoint
-- Sets the status of messages to the highest that was reported, and the error to that of the first failure while
-- `failed` is what holds.
create function raise_statuses(changed int[]) returns void language sql as $$
  with told as (
    select distinct on (s."messageId") s."messageId" id, s.status from "MessageStatus" s where s."messageId" = any(changed)
    order by s."messageId", status_rank(s.status) desc)
  update "Message" m set status = h.status, error = case when h.status = 'failed' then coalesce(
      (select s.error from "MessageStatus" s where s."messageId" = m.id and s.status = 'failed' order by s."happenedAt", s.participant limit 1),
      m.error) end
  from (select t.id, case when status_rank(m.status) < status_rank(t.status) then t.status else m.status end status
        from told t join "Message" m on m.id = t.id) h
  where m.id = h.id
$$;
--> statement-breakpoint
-- A state exists once, with the earliest of its reported times: the first to come would depend on the order. Without
-- its message it waits, and has no number. The caller holds the chats' locks, so no number is lost to a conflict.
create function ingest_statuses(statuses "IngestItem"[]) returns "IngestedEvent"[] language plpgsql as $$
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
    insert into "MessageStatus" as s ("organizationPhoneId", wamid, status, participant, "messageId", seq, error, payload, "happenedAt", "receivedAt")
    select "organizationPhoneId", wamid, status, participant, "messageId", number, error, payload::json, at, coalesce("receivedAt", now()) from numbered
    on conflict ("organizationPhoneId", wamid, status, participant) do update set
      "messageId" = coalesce(s."messageId", excluded."messageId"), seq = coalesce(s.seq, excluded.seq),
      error = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) then excluded.error else s.error end,
      payload = case when (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) then excluded.payload else s.payload end,
      "happenedAt" = least(s."happenedAt", excluded."happenedAt")
    where (excluded."happenedAt", excluded.payload::text) < (s."happenedAt", s.payload::text) or s.seq is null and excluded.seq is not null),
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
--> statement-breakpoint
-- Keeps what is no message and no status, or could not be read or applied. A redelivery is known by its content, which
-- includes Meta's time.
create function keep_notices(notices json) returns int language sql as $$
  with told as (
    select n.*, encode(sha256(convert_to(coalesce(n.source, n.raw), 'UTF8')), 'hex') hash
    from json_to_recordset(notices) n("phoneNumberId" text, "wabaId" text, field text, reason text, source text, raw text)),
  kept as (
    insert into "WebhookEvent" ("organizationId", "phoneNumberId", "wabaId", field, reason, payload, raw, hash)
    select coalesce(
        (select p."organizationId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = t."phoneNumberId"),
        (select min(p."organizationId") from "OrganizationPhone" p where p."wabaId" = t."wabaId" having count(distinct p."organizationId") = 1)),
      t."phoneNumberId", t."wabaId", t.field, t.reason, t.source::json, decode(t.raw, 'base64'), t.hash
    from told t on conflict (hash) do nothing returning id)
  select count(*)::int from kept
$$;
