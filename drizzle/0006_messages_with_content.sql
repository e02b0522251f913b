-- What a message holds, typed, beside Meta's object; its file; who of a group wrote it; and what a status cost.
alter type "IngestItem" add attribute content text, add attribute sender text, add attribute media json,
  add attribute "isHistory" bool, add attribute price jsonb, add attribute conversation jsonb,
  add attribute "parentUserId" text, add attribute "identityHash" text, add attribute "mediaId" int
--> statement-breakpoint
-- A file as the API shows it. Where to fetch it is asked for apart: an address is signed, for one caller and not for long.
create function media_json(wanted int) returns json language sql stable as $$
  select json_build_object('id', f.id, 'state', f.state, 'mimeType', f."mimeType", 'fileName', f."fileName",
    'sizeBytes', f."sizeBytes", 'problem', f.problem) from "Media" f where f.id = wanted
$$
--> statement-breakpoint
create or replace function message_json(m "Message") returns json language sql stable as $$
  select json_build_object(
    'id', m.id, 'chatId', m."chatId", 'seq', m.seq, 'wamid', m.wamid, 'fromMe', m."fromMe",
    'messageType', m."messageType", 'amends', m.amends, 'body', m.body,
    -- What was revoked is not to be read any more.
    'payload', case when m."revokedAt" is null then m.payload end,
    'content', case when m."revokedAt" is null then m.content end,
    'media', case when m."revokedAt" is null and m."mediaId" is not null then media_json(m."mediaId") end,
    'isHistory', m."isHistory",
    'status', m.status, 'error', error_json(m), 'replyToMessageId', m."replyToMessageId", 'reactions', m.reactions,
    'editedAt', rfc3339(m."editedAt"), 'revokedAt', rfc3339(m."revokedAt"), 'agentId', m."agentId",
    'createdAt', rfc3339(m."createdAt"), 'receivedAt', rfc3339(m."receivedAt"))
$$;
--> statement-breakpoint
create or replace function chat_json(c "Chat") returns json language sql stable as $$
  select json_build_object(
    'id', c.id, 'organizationPhoneId', c."organizationPhoneId",
    'contact', (select json_build_object('id', p.id, 'name', p.name, 'phone', p.phone, 'userId', p."userId",
                                         'username', p.username,
                                         'marketingStoppedAt', rfc3339(p."marketingStoppedAt"),
                                         'blockedAt', rfc3339(p."blockedAt")) from "Contact" p where p.id = c."contactId"),
    'head', c.head, 'unreadCount', c."unreadCount",
    'lastMessage', (select message_json(m) from "Message" m where m.id = c."lastMessageId"),
    'windowExpiresAt', rfc3339(c."lastInboundAt" + interval '24 hours'),
    'status', c.status, 'assigneeId', c."assigneeId", 'mergedIntoId', c."mergedIntoId")
$$;
--> statement-breakpoint
-- Links replies to what they reply to, and carries reactions, edits and revokes over to the row they speak of, whichever
-- of the two came first; `fresh` are the messages that were just made, or whose wamid was just told. All is computed from
-- the rows that are there, so every order of arrival ends alike: of two reactions or edits the later by Meta's time holds
-- (ties by wamid), a revoke beats an edit, and only the author of a message edits or revokes it. What a call came to is
-- told like an edit. What Meta refused to send changes nothing. Returns the older messages that changed.
create or replace function amend(fresh int[]) returns int[] language plpgsql as $$
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
    select t.id, a."fromMe", a.sender, a.amends, a.emoji, a."newBody", a.content, a."createdAt", a.wamid
    from targets t join "Message" a
      on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" = t."chatId"
    where a.status is distinct from 'failed' and (a.amends in ('reaction', 'call')
      or a."fromMe" = t."fromMe" and (a.sender is null or t.sender is null or a.sender = t.sender))),
  reactions as (
    select id, jsonb_agg(jsonb_build_object('emoji', emoji, 'fromMe', "fromMe", 'sender', sender) order by "fromMe", sender)
      filter (where emoji is not null) reactions
    from (select distinct on (id, "fromMe", sender) id, "fromMe", sender, emoji from told where amends = 'reaction'
          order by id, "fromMe", sender, "createdAt" desc, wamid desc nulls first) r group by id),
  edits as (select distinct on (id) id, amends, "newBody", content, "createdAt" from told where amends in ('edit', 'call')
            order by id, "createdAt" desc, wamid desc),
  revokes as (select id, min("createdAt") "createdAt" from told where amends = 'revoke' group by id),
  now_is as (
    select t.id, coalesce(r.reactions, '[]') reactions, case when e.amends = 'edit' then e."createdAt" end "editedAt",
      v."createdAt" "revokedAt", case when v.id is not null then '[deleted]' else coalesce(e."newBody", t.body) end body,
      coalesce(case when e.amends = 'edit' then e.content->'message' else e.content end, t.content)::text content
    from targets t left join reactions r using (id) left join edits e using (id) left join revokes v using (id)),
  done as (
    update "Message" m set reactions = n.reactions, "editedAt" = n."editedAt", "revokedAt" = n."revokedAt", body = n.body,
      content = n.content::json
    from now_is n where m.id = n.id
      and (m.reactions, m."editedAt", m."revokedAt", m.body, m.content::text)
        is distinct from (n.reactions, n."editedAt", n."revokedAt", n.body, n.content)
    returning m.id)
  select array_agg(id) into changed from done;
  return array(select unnest(linked || changed) except select unnest(fresh));
end $$;
--> statement-breakpoint
-- Writes down the files of messages not seen before, to be fetched; gives each message the id of its file. Meta's id holds
-- for 7 days: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
create function files_of(items "IngestItem"[]) returns "IngestItem"[] language plpgsql as $$
#variable_conflict use_column
begin
  if not exists (select from unnest(items) i where i.media is not null) then return items; end if;
  insert into "Media" ("organizationId", "organizationPhoneId", "metaId", "fromMe", "mimeType", "fileName", sha256, "nextAttemptAt", "expiresAt")
  select distinct on (i."organizationPhoneId", i.media->>'metaId') i."organizationId", i."organizationPhoneId", i.media->>'metaId', i."fromMe",
    i.media->>'mimeType', i.media->>'fileName', i.media->>'sha256', now(),
    -- What is imported is old, and its file was made for us just now.
    case when i."isHistory" then now() else least(i.at, now()) end + interval '7 days'
  from unnest(items) i where i.media is not null and i."organizationPhoneId" is not null and i."messageId" is null
  order by i."organizationPhoneId", i.media->>'metaId', i.pos
  on conflict do nothing;
  for n in 1..cardinality(items) loop
    continue when items[n].media is null;
    items[n]."mediaId" := (select f.id from "Media" f
      where f."organizationPhoneId" = items[n]."organizationPhoneId" and f."metaId" = items[n].media->>'metaId');
  end loop;
  return items;
end $$
--> statement-breakpoint
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
--> statement-breakpoint
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
--> statement-breakpoint
-- What goes out. Each function is one transaction, and safe to repeat: see db/outgoing.ts for what goes in and comes out.

-- Writes down a message that is to be sent, before anybody is asked to send it. Its idempotency key is decided by the
-- unique index in this transaction; under the chat's lock a number is taken only when the row is really new.
create or replace function create_message(m json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  recipient "IngestItem" := json_populate_record(null::"IngestItem", m);
  old "Message";
  chat "Chat";
  made int;
  refused text;
begin
  select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
  if old.id is not null then
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint,
      'organizationPhoneId', old."organizationPhoneId", 'message', message_json(old));
  end if;
  perform from "OrganizationPhone" p where p.id = wanted."organizationPhoneId" and p."organizationId" = recipient."organizationId";
  if not found then return json_build_object('kind', 'no_phone'); end if;
  perform from "Message" q where q."organizationPhoneId" = wanted."organizationPhoneId" and q.status in ('queued', 'sending', 'unknown')
    order by q.id offset (m->>'queueLimit')::int - 1 limit 1;
  if found then return json_build_object('kind', 'queue_full'); end if;
  if wanted."chatId" is null then
    wanted."chatId" := chat_for(recipient."organizationId", wanted."organizationPhoneId", contact_for(recipient));
  end if;
  -- Whoever still shows a chat that has been taken over by another writes to that one.
  wanted."chatId" := coalesce((select c."mergedIntoId" from "Chat" c where c.id = wanted."chatId"), wanted."chatId");
  select * into chat from "Chat" c where c.id = wanted."chatId" and c."organizationId" = recipient."organizationId"
    and c."organizationPhoneId" = wanted."organizationPhoneId" for no key update;
  if chat.id is null then return json_build_object('kind', 'no_chat'); end if;
  if (m->>'freeText')::bool and chat."lastInboundAt" + interval '24 hours' <= wanted."createdAt" then
    return json_build_object('kind', 'window_closed', 'chatId', chat.id, 'lastInboundAt', rfc3339(chat."lastInboundAt"));
  end if;
  select rfc3339(k."marketingStoppedAt") into refused from "Contact" k where k.id = chat."contactId" and (m->>'isMarketing')::bool;
  if refused is not null then
    return json_build_object('kind', 'marketing_stopped', 'chatId', chat.id, 'stoppedAt', refused);
  end if;
  if wanted."replyToMessageId" is not null then
    select r.wamid into wanted."refersTo" from "Message" r where r.id = wanted."replyToMessageId" and r."chatId" = chat.id;
    if wanted."refersTo" is null then return json_build_object('kind', 'no_reply_target'); end if;
  end if;
  if m->>'reactsTo' is not null and not exists (select from "Message" r where r."organizationPhoneId" = wanted."organizationPhoneId"
      and r.wamid = m->>'reactsTo' and r."chatId" = chat.id) then
    return json_build_object('kind', 'no_reaction_target');
  end if;
  insert into "Message" ("organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status, "refersTo",
    "replyToMessageId", "agentId", "idempotencyKey", fingerprint, "createdAt", content, "mediaId", amends, emoji)
  values (wanted."organizationPhoneId", chat.id, chat.head + 1, true, wanted."messageType", wanted.body, wanted.payload, 'queued',
    coalesce(wanted."refersTo", m->>'reactsTo'), wanted."replyToMessageId", wanted."agentId", wanted."idempotencyKey", wanted.fingerprint,
    wanted."createdAt", wanted.content, wanted."mediaId", wanted.amends, wanted.emoji)
  on conflict ("agentId", "idempotencyKey") where "idempotencyKey" is not null do nothing returning id into made;
  if made is null then
    select * into old from "Message" o where o."agentId" = wanted."agentId" and o."idempotencyKey" = wanted."idempotencyKey";
    return json_build_object('kind', 'repeated', 'sameRequest', old.fingerprint = wanted.fingerprint,
      'organizationPhoneId', old."organizationPhoneId", 'message', message_json(old));
  end if;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  values (chat.id, chat.head + 1, 'message.created', made, wanted."agentId");
  update "Chat" c set head = chat.head + 1, "updatedAt" = now(),
    "lastMessageId" = case when wanted."createdAt" >= c."lastMessageAt" and wanted.amends is null then made else c."lastMessageId" end,
    "lastMessageAt" = case when wanted.amends is null then greatest(c."lastMessageAt", wanted."createdAt") else c."lastMessageAt" end
  where c.id = chat.id;
  return json_build_object('kind', 'created', 'organizationPhoneId', wanted."organizationPhoneId",
    'message', (select message_json(n) from "Message" n where n.id = made),
    'committed', committed(array[row(chat.id, chat.head + 1, 'message.created', made, true)::"IngestedEvent"]
      -- A reaction shows at once on what it is for.
      || case when wanted.amends is not null then log_updates(amend(array[made])) end));
end $$;
--> statement-breakpoint
-- Moves a message up its ladder, as one numbered change of its chat, when it stands where the caller believes it to
-- stand: under the claim `held`, or under none and in one of the states `expected`. A status that a webhook has raised
-- higher meanwhile stays. Null when it stands elsewhere. `attempt` is what Graph answered, for the trace.
create or replace function advance_message(message int, expected text[], held text, target text, meta_id text, failure jsonb,
  claim text, lease timestamptz, next_attempt timestamptz, attempt jsonb default null) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  m "Message";
  chat "Chat";
  raised text;
begin
  select * into m from "Message" o where o.id = message;
  -- The lock that a status waiting for this wamid takes too: whichever comes second finds the other.
  if meta_id is not null then
    perform pg_advisory_xact_lock(hashtextextended(concat(m."organizationPhoneId", ' ', meta_id), 0));
  end if;
  select * into chat from "Chat" c where c.id = m."chatId" for no key update;
  select * into m from "Message" o where o.id = message;
  if m."claimId" is distinct from held or held is null and not m.status = any(expected) then return null; end if;
  raised := case when status_rank(target) > status_rank(m.status) then target else m.status end;
  update "Message" o set status = raised, wamid = coalesce(o.wamid, meta_id), error = case when raised = 'failed' then coalesce(failure, o.error) end,
    "claimId" = claim, "leaseUntil" = lease, "nextAttemptAt" = next_attempt, attempts = o.attempts + (claim is not null)::int
  where o.id = message;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", data)
  values (chat.id, chat.head + 1, 'message.updated', message, 
    jsonb_build_object('status', target, 'at', rfc3339(now()), 'by', 'us', 'attempt', attempt));
  update "Chat" c set head = chat.head + 1 where c.id = chat.id;
  update "MessageStatus" s set "messageId" = message, seq = chat.head + 1
  where s."organizationPhoneId" = m."organizationPhoneId" and s.wamid = meta_id and s."messageId" is null;
  if found then perform raise_statuses(array[message]); end if;
  return committed(array[row(chat.id, chat.head + 1, 'message.updated', message, true)::"IngestedEvent"]
    || case when m.wamid is null and meta_id is not null or m.amends is not null and raised = 'failed'
      then log_updates(amend(array[message])) end);
end $$;
--> statement-breakpoint
-- Sends a message again as a new one, once: only where nobody knows what became of it, or it has failed for one of the
-- reasons `mendable`. Says what `create_message` says, or `no_message`, or `not_open`.
create or replace function resend_message(m json, original int, mendable text[], said jsonb) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  wanted "Message" := json_populate_record(null::"Message", m);
  o "Message";
  made json;
  head int;
  isKnown bool;
begin
  perform from "Chat" c where c.id = (select b."chatId" from "Message" b where b.id = original)
    and c."organizationId" = (m->>'organizationId')::int for no key update;
  if not found then return json_build_object('kind', 'no_message'); end if;
  select * into o from "Message" b where b.id = original;
  if not o."fromMe" or o.status is null then return json_build_object('kind', 'no_message'); end if;
  isKnown := exists (select from "Message" k where k."agentId" = wanted."agentId" and k."idempotencyKey" = wanted."idempotencyKey");
  if not isKnown and (decision_on(o) is not null
      or not (o.status = 'unconfirmed' or o.status = 'failed' and coalesce(o.error->>'code', '') = any(mendable))) then
    return json_build_object('kind', 'not_open', 'status', o.status);
  end if;
  made := create_message(json_build_object('organizationId', m->'organizationId', 'organizationPhoneId', o."organizationPhoneId",
    'agentId', wanted."agentId", 'chatId', o."chatId", 'messageType', o."messageType", 'body', o.body, 'payload', o.payload,
    'content', o.content, 'mediaId', o."mediaId", 'amends', o.amends, 'emoji', o.emoji, 'reactsTo', case when o.amends is not null then o."refersTo" end,
    'freeText', o."messageType" <> 'template', 'replyToMessageId', o."replyToMessageId", 'idempotencyKey', wanted."idempotencyKey",
    'fingerprint', wanted.fingerprint, 'createdAt', m->'createdAt', 'queueLimit', m->'queueLimit'));
  if made->>'kind' <> 'created' then return made; end if;
  select c.head into head from "Chat" c where c.id = o."chatId";
  return json_build_object('kind', 'created', 'organizationPhoneId', o."organizationPhoneId", 'message', made->'message', 'committed', committed(array[
    row(o."chatId", head, 'message.created', (made->'message'->>'id')::int, true)::"IngestedEvent",
    decide_message(original, jsonb_build_object('resentAs', (made->'message'->>'id')::int), said, wanted."agentId")]));
end $$;
