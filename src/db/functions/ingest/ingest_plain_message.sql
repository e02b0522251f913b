-- The fast path for the most frequent webhook: one message from a known contact in an existing chat, under the known name,
-- with no file and no reference to another message. `ingest_chats` does the same for any batch, but for one message at three
-- times the cost, most of it for starting plans. Returns null, and changes nothing, for any other batch; otherwise what
-- `ingest_chats` returns.
create or replace function ingest_plain_message(messages json) returns json language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  m record;
  f record;
  new_id int;
  chat record;
begin
  if json_array_length(messages) <> 1 then return null; end if;
  select * into m from json_to_record(messages->0) r("phoneNumberId" text, wamid text, "fromMe" bool, phone text, "userId" text,
    "groupId" text, name text, username text, "messageType" text, body text, payload text, content text, media json,
    "refersTo" text, amends text, "opensServiceWindow" bool, "isHistory" bool, at timestamptz, "receivedAt" timestamptz,
    "spooledAt" timestamptz);
  if m."fromMe" or m."groupId" is not null or coalesce(m."refersTo", m.amends) is not null or m.media is not null
    or m."isHistory" or m."messageType" = 'system' then return null; end if;

  select p.id phone, k.id contact, c.id chat, p."organizationId" organization, o."watchedUntil" > now() "inboxWatched" into f
  from "OrganizationPhone" p join "Organization" o on o.id = p."organizationId"
  cross join lateral (select case when m."userId" is null
    then (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k.phone = m.phone and k."identifiedAt" <= m.at)
    else (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."userId" = m."userId"
      and (m.phone is null or k.phone = m.phone) and k."identifiedAt" <= m.at) end id offset 0) k
  join "Chat" c on c."contactId" = k.id and c."organizationPhoneId" = p.id
  where p."wabaPhoneNumberId" = m."phoneNumberId"
    and (select s.id from "Message" s where s."organizationPhoneId" = p.id and s.wamid = m.wamid) is null
    and (select r.id from "Message" r where r."refersTo" = m.wamid and r."organizationPhoneId" = p.id limit 1) is null;
  if f.chat is null then return null; end if;

  -- The time of the sighting is stored: an older one that arrives later must not restore an old name.
  update "Contact" k set "namedAt" = greatest(k."namedAt", case when m.name is not null then m.at end),
    "usernamedAt" = greatest(k."usernamedAt", case when m.username is not null then m.at end)
  where k.id = f.contact and coalesce(m.name, k."profileName", '') = coalesce(k."profileName", '')
    and coalesce(m.username, k.username, '') = coalesce(k.username, '');
  if not found then return null; end if;

  new_id := nextval('"Message_id_seq"');
  -- Holding the row's lock until commit reserves the chat's next number. A future timestamp must not keep the service
  -- window open.
  update "Chat" c set head = c.head + 1, "updatedAt" = now(), status = 'open', "snoozedUntil" = null,
    "unreadCount" = c."unreadCount" + case when m.at >= c."lastMessageAt" or not was_answered(c.id, m.at) then 1 else 0 end,
    "lastInboundAt" = greatest(c."lastInboundAt", case when m."opensServiceWindow" then least(m.at, now()) end),
    "lastMessageId" = case when m.at >= c."lastMessageAt" then new_id else c."lastMessageId" end,
    "lastMessageAt" = greatest(c."lastMessageAt", m.at)
  where c.id = f.chat returning c.head, c."watchedUntil" > now() watched into chat;
  if not found then
    raise exception 'the person was erased meanwhile' using errcode = '40001';
  end if;
  -- Where another path has stored the message meanwhile this violates its key (23505), and the caller repeats the call.
  insert into "Message" (id, "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, content,
    "createdAt", "receivedAt", "spooledAt")
  values (new_id, f.phone, f.chat, chat.head, m.wamid, false, m."messageType", m.body, m.payload::json, m.content::json, m.at,
    coalesce(m."receivedAt", now()), m."spooledAt");
  if is_searchable(null, null, m.body) then
    insert into "MessageSearch" ("messageId", "organizationId", "createdAt", lexemes)
    values (new_id, f.organization, m.at, search_lexemes(f.organization, m.at, m.body));
  end if;
  insert into "ChatEvent" ("chatId", seq, event, "messageId") values (f.chat, chat.head, 'message.created', new_id);

  if chat.watched or f."inboxWatched" then
    return json_build_object('committed', committed(array[row(f.chat, chat.head, 'message.created', new_id, true)::"IngestedEvent"]));
  end if;
  return json_build_object('committed', json_build_object('rows', null,
    'events', json_build_array(json_build_array(f.chat, chat.head, 'message.created', true, new_id, false)),
    'chats', json_build_array(json_build_array(f.chat, f.organization, f.phone, chat.head, false, false))));
end $$;
