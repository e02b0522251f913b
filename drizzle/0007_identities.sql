-- Who is who: see docs/decisions/007-identities.md. Everything a person is or was known by is in "ContactIdentity"; what is
-- current also stands in "Contact", where `ingest` looks first. `createdAt` is Meta's time of the first sighting,
-- `endedAt` that of the change after which it was the person's no more.
insert into "ContactIdentity" ("organizationId", "contactId", kind, value, "createdAt")
select k."organizationId", k.id, v.kind, v.value, k."createdAt" from "Contact" k
cross join lateral (values ('phone', k.phone), ('userId', k."userId"), ('parentUserId', k."parentUserId")) v(kind, value)
where v.value is not null on conflict do nothing;
--> statement-breakpoint
-- Whoever writes a contact, also by hand: what it is known by is found again. What was another's once is handed on.
create function keep_identities() returns trigger language plpgsql as $$
begin
  insert into "ContactIdentity" as o ("organizationId", "contactId", kind, value)
  select new."organizationId", new.id, v.kind, v.value
  from (values ('phone', new.phone), ('userId', new."userId"), ('parentUserId', new."parentUserId")) v(kind, value) where v.value is not null
  on conflict ("organizationId", kind, value) do update set "contactId" = excluded."contactId", "isCurrent" = true, "endedAt" = null,
    "createdAt" = excluded."createdAt" where not o."isCurrent";
  return null;
end $$;
--> statement-breakpoint
create trigger keep_identities after insert or update of phone, "userId", "parentUserId" on "Contact"
  for each row execute function keep_identities();
--> statement-breakpoint
-- A chat that was merged while somebody waited for its lock takes no more numbers: 40001 lets him ask once more, and he
-- finds the message, or the contact, where it is now. One net under all functions that number changes.
create function refuse_merged() returns trigger language plpgsql as $$
declare
  merged int;
begin
  if tg_op = 'INSERT' then
    select k."mergedIntoId" into merged from "Contact" k where k.id = new."contactId" for key share;
    if merged is null then return new; end if;
  end if;
  raise exception 'the contact or chat was merged meanwhile' using errcode = '40001';
end $$;
--> statement-breakpoint
create trigger refuse_merged_chat before update of head on "Chat" for each row
  when (old."mergedIntoId" is not null and new."mergedIntoId" is not null and new.head > old.head) execute function refuse_merged();
--> statement-breakpoint
create trigger refuse_merged_contact before insert on "Chat" for each row execute function refuse_merged();
--> statement-breakpoint
create function identity_of(organization int, wanted text, word text) returns "ContactIdentity" language sql stable as $$
  select o from "ContactIdentity" o where o."organizationId" = organization and o.kind = wanted and o.value = word
$$;
--> statement-breakpoint
-- What is to be told at the end of this transaction: `joins` still to be made, `made`, `conflicts`, and per chat the number
-- before the first event, in `chats`.
create function note_identity(path text[], noted jsonb) returns void language plpgsql as $$
declare
  notes jsonb := coalesce(nullif(current_setting('waba.identities', true), ''), '{"joins": [], "made": [], "conflicts": [], "chats": {}}')::jsonb;
begin
  if path[1] = 'chats' then
    if notes #> path is not null then return; end if;
  else
    noted := (notes #> path) || noted;
  end if;
  perform set_config('waba.identities', jsonb_set(notes, path, noted)::text, true);
end $$;
--> statement-breakpoint
-- Gives chats their next number as `chat.updated`. The caller holds their locks.
create function log_chats(changed int[], agent int default null) returns void language plpgsql as $$
#variable_conflict use_column
begin
  perform note_identity(array['chats', c.id::text], to_jsonb(c.head)) from "Chat" c where c.id = any(changed);
  insert into "ChatEvent" ("chatId", seq, event, "agentId") select c.id, c.head + 1, 'chat.updated', agent from "Chat" c where c.id = any(changed);
  update "Chat" c set head = c.head + 1 where c.id = any(changed);
end $$;
--> statement-breakpoint
-- The contact's columns from its identities: of several current ones the newest by Meta's time, whichever came to us first.
-- Says whether anything changed.
create function refresh_contact(contact int) returns bool language plpgsql as $$
#variable_conflict use_column
begin
  -- One who has changed everything, and nobody knows to what, is still asked for under the last that was known.
  if not exists (select from "ContactIdentity" o where o."contactId" = contact and o."isCurrent" and o.kind in ('phone', 'userId')) then
    update "ContactIdentity" o set "isCurrent" = true, "endedAt" = null where o.id = (select e.id from "ContactIdentity" e
      where e."contactId" = contact and e.kind in ('phone', 'userId') order by e."endedAt" desc, e."createdAt" desc, e.id desc limit 1);
  end if;
  update "Contact" k set phone = n.phone, "userId" = n."userId", "parentUserId" = n.parent, "updatedAt" = now()
  from (select
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'phone' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) phone,
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'userId' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) "userId",
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'parentUserId' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) parent
    ) n
  where k.id = contact and (k.phone, k."userId", k."parentUserId") is distinct from (n.phone, n."userId", n.parent);
  return found;
end $$;
--> statement-breakpoint
-- Writes down that a person was seen with this at that time. Seen before a later change, it ended with that change; seen
-- together with something else of the person's after it had ended, it holds again. Another's is taken over.
create function remember(organization int, contact int, wanted text, word text, at timestamptz, together bool) returns void language plpgsql as $$
#variable_conflict use_column
declare
  ended timestamptz;
begin
  if word is null then return; end if;
  select min(o."endedAt") into ended from "ContactIdentity" o where o."contactId" = contact and o."endedAt" > at;
  insert into "ContactIdentity" as o ("organizationId", "contactId", kind, value, "isCurrent", "createdAt", "endedAt")
  values (organization, contact, wanted, word, ended is null, at, ended)
  on conflict ("organizationId", kind, value) do update set
    "isCurrent" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then excluded."isCurrent" else o."isCurrent" end,
    "endedAt" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then excluded."endedAt" else o."endedAt" end,
    "createdAt" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then at else least(o."createdAt", at) end,
    "contactId" = excluded."contactId";
end $$;
--> statement-breakpoint
-- Two contacts that have used one phone number, and are not one person as far as Meta says: told to the admins, once.
create function report_conflict(organization int, phone int, a int, b int, at timestamptz) returns void language plpgsql as $$
#variable_conflict use_column
declare
  word text := encode(sha256(convert_to(concat_ws(' ', 'identity_conflict', least(a, b), greatest(a, b)), 'UTF8')), 'hex');
begin
  if exists (select from "Notice" n where n."organizationId" = organization and n.hash = word) then return; end if;
  insert into "Notice" ("organizationId", "organizationPhoneId", kind, severity, title, detail, hash, "happenedAt")
  values (organization, phone, 'identity_conflict', 'warning', 'Two contacts have used one phone number: are they one person?',
    jsonb_build_object('contactIds', jsonb_build_array(least(a, b), greatest(a, b))), word, at)
  on conflict do nothing;
  if found then
    perform note_identity('{conflicts}', jsonb_build_array(jsonb_build_object('organizationId', organization,
      'contactId', least(a, b), 'otherContactId', greatest(a, b))));
  end if;
end $$;
--> statement-breakpoint
-- Whether an admin has taken the joining of these two back: then it is not done again by itself.
create function were_parted(a int, b int) returns bool language sql stable as $$
  select exists (select from "ContactMerge" m where m."contactId" = least(a, b) and m."mergedContactId" = greatest(a, b) and m."undoneAt" is not null)
$$;
--> statement-breakpoint
-- Finds the person by user id, then by the parent's, then by phone, among all that is or was known, or writes him down; what
-- one sighting tells more than we knew is added. Two contacts that one sighting shows to be one are joined at the end of
-- the transaction (`settle_identities`). Phone numbers are recycled: where the phone is that of somebody with another user
-- id, the user id has it; where it only was, it is handed on. What came before a change (`change_identity`), and late to us,
-- is of the person who had the number then.
create or replace function contact_for(i "IngestItem") returns int language plpgsql as $$
#variable_conflict use_column
declare
  u "ContactIdentity"; g "ContactIdentity"; p "ContactIdentity";
  seen timestamptz := coalesce(i.at, now());
  person int; wanted int[]; held int[] := '{}';
  phone_is text;
begin
  for tried in 1..20 loop
    person := null;
    if i."groupId" is not null then
      select id into person from "Contact" c where c."organizationId" = i."organizationId" and c."groupId" = i."groupId";
      if person is null then
        insert into "Contact" ("organizationId", "groupId") values (i."organizationId", i."groupId") on conflict do nothing returning id into person;
      end if;
      if person is not null then return person; end if;
      continue;
    end if;
    u := identity_of(i."organizationId", 'userId', i."userId");
    g := identity_of(i."organizationId", 'parentUserId', i."parentUserId");
    p := identity_of(i."organizationId", 'phone', i.phone);
    person := coalesce(u."contactId", g."contactId");
    phone_is := case
      when i.phone is null then 'none' when p.id is null then 'free' when p."contactId" = person then 'own'
      when i."userId" is null then 'same'
      when not p."isCurrent" and p."endedAt" < seen then 'former'
      when exists (select from "ContactIdentity" o where o."contactId" = p."contactId" and o.kind = 'userId' and o.value <> i."userId"
        and case when p."isCurrent" then o."isCurrent" else o."endedAt" >= seen end) then 'taken'
      else 'same' end;
    if person is null and phone_is = 'same' then
      person := p."contactId";
      phone_is := 'own';
    end if;
    if person is null then
      insert into "Contact" ("organizationId", phone, "userId", "parentUserId")
      values (i."organizationId", case when phone_is in ('free', 'former') then i.phone end, i."userId", i."parentUserId")
      on conflict do nothing returning id into person;
      continue when person is null;
      update "ContactIdentity" o set "createdAt" = seen where o."contactId" = person;
      if phone_is = 'taken' then
        perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      end if;
      return person;
    end if;
    if phone_is = 'taken' or phone_is = 'same' and were_parted(person, p."contactId") then
      perform report_conflict(i."organizationId", i."organizationPhoneId", person, p."contactId", seen);
      phone_is := 'none';
    end if;
    -- Nothing new is told.
    if phone_is in ('none', 'own') and (i."userId" is null or u.id is not null) and (i."parentUserId" is null or g."contactId" = person)
      and (phone_is = 'none' or u.id is null or u."isCurrent" = p."isCurrent") then return person; end if;

    -- The locks that joining takes, in its order; what was read before them is read again.
    wanted := array(select distinct o from unnest(array[person, p."contactId", g."contactId"]) o where o is not null order by o);
    if not wanted <@ held then
      perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
      held := held || wanted;
      continue;
    end if;
    -- Seen with what a change has brought, it is as new as that.
    seen := greatest(seen, case when u."isCurrent" then u."createdAt" end, case when p."isCurrent" and phone_is = 'own' then p."createdAt" end);
    perform remember(i."organizationId", person, 'userId', i."userId", seen, phone_is = 'own' and p."isCurrent");
    if phone_is in ('free', 'former', 'own') then
      perform remember(i."organizationId", person, 'phone', i.phone, seen, u."isCurrent");
    elsif phone_is = 'same' then
      perform note_identity('{joins}', jsonb_build_array(jsonb_build_array(person, p."contactId")));
    end if;
    if g."contactId" <> person then
      if not were_parted(person, g."contactId") then
        perform note_identity('{joins}', jsonb_build_array(jsonb_build_array(person, g."contactId")));
      end if;
    else
      perform remember(i."organizationId", person, 'parentUserId', i."parentUserId", seen, false);
    end if;
    perform refresh_contact(person);
    return person;
  end loop;
  raise exception 'a contact changed again and again' using errcode = '40001';
end $$;
--> statement-breakpoint
-- All that merging may change of messages that stay where they are, or move.
create function amendable_json(m "Message") returns jsonb language sql immutable as $$
  select jsonb_build_object('id', m.id, 'body', m.body, 'content', m.content::text, 'reactions', m.reactions, 'editedAt', m."editedAt",
    'revokedAt', m."revokedAt", 'replyToMessageId', m."replyToMessageId")
$$;
--> statement-breakpoint
-- The preview of a chat is its newest message.
create function refresh_preview(chats int[]) returns void language sql as $$
  update "Chat" c set "lastMessageId" = n.id, "lastMessageAt" = coalesce(n."createdAt", to_timestamp(0)), "updatedAt" = now()
  from unnest(chats) w(id) left join lateral (select m.id, m."createdAt" from "Message" m where m."chatId" = w.id and m.amends is null
    order by m."createdAt" desc, m.seq desc limit 1) n on true
  where c.id = w.id
$$;
--> statement-breakpoint
-- Moves the messages of the chat `l` to the end of `k`'s log, where each has a new number; `l` keeps its log and points to
-- `k`. Gives what taking it back needs. The caller holds the locks of both chats.
create function move_messages(l "Chat", k "Chat", agent int) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
  moved int[] := array(select m.id from "Message" m where m."chatId" = l.id order by m.seq);
  before jsonb; changed jsonb; chained int[];
begin
  select jsonb_object_agg(m.id, amendable_json(m)) into before from "Message" m where m.id = any(moved) or m.id in (
    select t.id from "Message" o join "Message" t on t."organizationPhoneId" = o."organizationPhoneId" and t."chatId" = k.id and t.wamid = o."refersTo"
      where o.id = any(moved) and o."refersTo" is not null
    union select r.id from "Message" o join "Message" r on r."organizationPhoneId" = o."organizationPhoneId" and r."chatId" = k.id
      and r."refersTo" = o.wamid where o.id = any(moved) and r."refersTo" is not null);
  changed := jsonb_build_object('chatId', l.id, 'intoId', k.id, 'unreadCount', l."unreadCount", 'lastInboundAt', l."lastInboundAt",
    'status', l.status, 'messages', (select coalesce(jsonb_agg(jsonb_build_array(m.id, m.seq) order by m.seq), '[]') from "Message" m where m.id = any(moved)),
    'into', jsonb_build_object('lastInboundAt', k."lastInboundAt", 'status', k.status, 'assigneeId', k."assigneeId"));
  perform note_identity(array['chats', c.id::text], to_jsonb(c.head)) from unnest(array[l, k]) c;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  select k.id, k.head + o.n, 'message.created', o.id, agent from unnest(moved) with ordinality o(id, n);
  update "Message" m set "chatId" = k.id, seq = k.head + o.n from unnest(moved) with ordinality o(id, n) where m.id = o.id;
  update "MessageStatus" s set seq = m.seq from "Message" m where m.id = any(moved) and s."messageId" = m.id;
  update "Chat" c set head = k.head + cardinality(moved), "unreadCount" = k."unreadCount" + l."unreadCount",
    "lastInboundAt" = greatest(k."lastInboundAt", l."lastInboundAt"), "assigneeId" = coalesce(k."assigneeId", l."assigneeId"),
    status = case when 'open' in (k.status, l.status) then 'open' when 'snoozed' in (k.status, l.status) then 'snoozed' else 'closed' end
  where c.id = k.id;
  with recursive under(id) as (select l."contactId" union select m."mergedContactId" from under u join "ContactMerge" m
      on m."contactId" = u.id and m."undoneAt" is null),
    done as (update "Chat" c set "mergedIntoId" = k.id from under u where c."contactId" = u.id and c."mergedIntoId" = l.id returning c.id)
  select array_agg(id) into chained from done;
  perform log_updates(amend(moved));
  perform refresh_preview(array[l.id, k.id]);
  insert into "ChatEvent" ("chatId", seq, event, "agentId") values (l.id, l.head + 1, 'chat.updated', agent);
  update "Chat" c set head = l.head + 1, "mergedIntoId" = k.id, "unreadCount" = 0 where c.id = l.id;
  return changed || jsonb_build_object('chained', coalesce(chained, '{}'), 'headAfter', (select c.head from "Chat" c where c.id = k.id),
    'changed', (select coalesce(jsonb_agg(b.value), '[]') from jsonb_each(before) b join "Message" m on m.id = b.key::int
      where b.value is distinct from amendable_json(m)));
end $$;
--> statement-breakpoint
-- Makes two contacts one: the older is kept. Gives the id of the merge; null when there is nothing to join any more.
create function join_contacts(a int, b int, agent int) returns int language plpgsql as $$
#variable_conflict use_column
declare
  k "Contact"; l "Contact";
  chat "Chat"; other "Chat";
  before jsonb; changes jsonb := '[]';
  chained int[];
  merge int;
begin
  perform from "Contact" c where c.id in (a, b) order by c.id for update;
  select * into k from "Contact" c where c.id = least(a, b);
  select * into l from "Contact" c where c.id = greatest(a, b);
  if k.id = l.id or k."mergedIntoId" is not null or l."mergedIntoId" is not null then return null; end if;
  perform from "Chat" c where c."contactId" in (k.id, l.id) order by c.id for no key update;
  before := jsonb_build_object('kept', to_jsonb(k), 'merged', to_jsonb(l), 'identities',
    (select coalesce(jsonb_agg(to_jsonb(o)), '[]') from "ContactIdentity" o where o."contactId" in (k.id, l.id)));

  for chat in select * from "Chat" c where c."contactId" = l.id and c."mergedIntoId" is null order by c.id loop
    select * into other from "Chat" c where c."organizationPhoneId" = chat."organizationPhoneId" and c."contactId" = k.id;
    if other.id is null then
      update "Chat" c set "contactId" = k.id where c.id = chat.id;
      changes := changes || jsonb_build_object('chatId', chat.id);
    else
      changes := changes || move_messages(chat, other, agent);
    end if;
  end loop;

  update "Contact" c set "mergedIntoId" = k.id, phone = null, "userId" = null, "parentUserId" = null, "updatedAt" = now() where c.id = l.id;
  with recursive under(id) as (select l.id union select m."mergedContactId" from under u join "ContactMerge" m
      on m."contactId" = u.id and m."undoneAt" is null),
    done as (update "Contact" c set "mergedIntoId" = k.id from under u where c.id = u.id and c."mergedIntoId" = l.id returning c.id)
  select array_agg(id) into chained from done;
  update "ContactIdentity" o set "contactId" = k.id where o."contactId" = l.id;
  -- What was known of one of them before the other changed is of the time before.
  if agent is null then
    update "ContactIdentity" o set "isCurrent" = false, "endedAt" = e."endedAt"
    from (select c.id, min(f."endedAt") "endedAt" from "ContactIdentity" c join "ContactIdentity" f
        on f."contactId" = c."contactId" and f."endedAt" > c."createdAt"
      where c."contactId" = k.id and c."isCurrent" and c.kind in ('phone', 'userId') group by c.id) e where o.id = e.id;
  end if;
  perform refresh_contact(k.id);
  update "Contact" c set
    (name, "namedAt") = (select case when n.newer then l.name else k.name end, case when n.newer then l."namedAt" else k."namedAt" end
      from (select l."namedAt" is not null and (k."namedAt" is null or (l."namedAt", k.name) > (k."namedAt", l.name)) newer) n),
    (username, "usernamedAt") = (select case when n.newer then l.username else k.username end, case when n.newer then l."usernamedAt" else k."usernamedAt" end
      from (select l."usernamedAt" is not null and (k."usernamedAt" is null or (l."usernamedAt", k.username) > (k."usernamedAt", l.username)) newer) n),
    ("marketingStoppedAt", "marketingSaidAt") = (select case when n.newer then l."marketingStoppedAt" else k."marketingStoppedAt" end,
        case when n.newer then l."marketingSaidAt" else k."marketingSaidAt" end
      from (select l."marketingSaidAt" is not null and (k."marketingSaidAt" is null or l."marketingSaidAt" > k."marketingSaidAt") newer) n),
    "blockedAt" = coalesce(k."blockedAt", l."blockedAt"), "identityHash" = coalesce(k."identityHash", l."identityHash"), "updatedAt" = now()
  where c.id = k.id;
  perform log_chats(array(select c.id from "Chat" c where c."contactId" = k.id and c."mergedIntoId" is null), agent);

  insert into "ContactMerge" ("organizationId", "contactId", "mergedContactId", "agentId", before)
  values (k."organizationId", k.id, l.id, agent, before || jsonb_build_object('chats', changes, 'chained', coalesce(chained, '{}'), 'combined',
    (select to_jsonb(c) from "Contact" c where c.id = k.id))) returning id into merge;
  perform note_identity('{made}', jsonb_build_array(jsonb_build_object('mergeId', merge, 'organizationId', k."organizationId",
    'contactId', k.id, 'otherContactId', l.id)));
  return merge;
end $$;
--> statement-breakpoint
-- Makes the joins that this transaction has found, and gives all that it told of identities: `committed` to publish,
-- `joins` and `conflicts` to log.
create function settle_identities() returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  notes jsonb := nullif(current_setting('waba.identities', true), '')::jsonb;
  pair jsonb;
  one int; two int;
begin
  if notes is null then return null; end if;
  for pair in select p from jsonb_array_elements(notes->'joins') p loop
    select coalesce(c."mergedIntoId", c.id) into one from "Contact" c where c.id = (pair->>0)::int;
    select coalesce(c."mergedIntoId", c.id) into two from "Contact" c where c.id = (pair->>1)::int;
    perform join_contacts(one, two, null);
  end loop;
  notes := jsonb_set(current_setting('waba.identities')::jsonb, '{joins}', '[]');
  perform set_config('waba.identities', notes::text, true);
  return json_build_object('joins', notes->'made', 'conflicts', notes->'conflicts', 'committed', committed(array(
    select row(e."chatId", e.seq, e.event, e."messageId", false)::"IngestedEvent" from jsonb_each(notes->'chats') n
    join "ChatEvent" e on e."chatId" = n.key::int and e.seq > n.value::int)));
end $$;
--> statement-breakpoint
-- A person goes on under other ids: `{previous: {phone, userId, parentUserId}, current: {…}, at}`. With a new number comes a
-- new user id, so what is not named anew has ended too. Whoever was seen under the new ids is the same person; but a contact
-- that had the new phone before, under another user id, is somebody else. Says what `settle_identities` says.
create function change_identity(organization int, change json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  told timestamptz := (change->>'at')::timestamptz;
  old "IngestItem"; new "IngestItem";
  person int; wanted int[]; held int[] := '{}';
  n "ContactIdentity"; p "ContactIdentity";
  hasMovedOn bool;
begin
  old := json_populate_record(null::"IngestItem", change->'previous');
  new := json_populate_record(null::"IngestItem", change->'current');
  old."organizationId" := organization;
  old.at := told - interval '1 millisecond';
  if coalesce(new."userId", new.phone) is null or coalesce(old."userId", old.phone, old."parentUserId") is null then return settle_identities(); end if;
  if old."userId" is null and old.phone is null then
    person := (identity_of(organization, 'parentUserId', old."parentUserId"))."contactId";
    if person is null then return settle_identities(); end if;
  end if;
  for tried in 1..20 loop
    if old."userId" is not null or old.phone is not null then person := contact_for(old); end if;
    n := identity_of(organization, 'userId', new."userId");
    p := identity_of(organization, 'phone', new.phone);
    wanted := array(select distinct o from unnest(array[person, n."contactId", p."contactId"]) o where o is not null order by o);
    exit when wanted <@ held;
    perform from "Contact" c where c.id = any(wanted) order by c.id for no key update;
    held := held || wanted;
  end loop;

  -- Told twice, in two ways, it ends only once what was before.
  hasMovedOn := not exists (select from "ContactIdentity" o where o."contactId" = person and o."isCurrent"
    and (o.kind = 'userId' and o.value = old."userId" or o.kind = 'phone' and o.value = old.phone or o.kind = 'parentUserId' and o.value = old."parentUserId"));
  if not hasMovedOn then
    update "ContactIdentity" o set "isCurrent" = false, "endedAt" = told
    -- The telling itself comes from what it ends, at that very time.
    where o."contactId" = person and o."isCurrent" and (o."createdAt" < told or o."createdAt" = told and o.value in (old.phone, old."userId"))
      and (o.kind = 'phone' and o.value is distinct from new.phone or o.kind = 'userId' and o.value is distinct from new."userId"
        or o.kind = 'parentUserId' and o.value <> new."parentUserId");
  end if;
  if n."contactId" <> person then
    if were_parted(person, n."contactId") then
      perform report_conflict(organization, null, person, n."contactId", told);
    else
      perform note_identity('{joins}', jsonb_build_array(jsonb_build_array(person, n."contactId")));
      -- All that was seen with the new id is of the time after the change.
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = n."contactId" and o."isCurrent" and n."isCurrent";
    end if;
  else
    perform remember(organization, person, 'userId', new."userId", told, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = person and o.kind = 'userId' and o.value = new."userId" and o."isCurrent";
  end if;
  if p."contactId" <> person and p."contactId" is distinct from n."contactId" and not (not p."isCurrent" and p."endedAt" <= told) then
    if were_parted(person, p."contactId") or p."createdAt" < told and exists (select from "ContactIdentity" o
        where o."contactId" = p."contactId" and o.kind = 'userId' and o."isCurrent" and o.value is distinct from new."userId") then
      perform report_conflict(organization, null, person, p."contactId", told);
    else
      perform note_identity('{joins}', jsonb_build_array(jsonb_build_array(person, p."contactId")));
      update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = p."contactId" and o."isCurrent" and p."isCurrent";
    end if;
  elsif p."contactId" is distinct from n."contactId" or p.id is null or p."contactId" = person then
    perform remember(organization, person, 'phone', new.phone, told, false);
    update "ContactIdentity" o set "createdAt" = greatest(o."createdAt", told) where o."contactId" = person and o.kind = 'phone' and o.value = new.phone and o."isCurrent";
  end if;
  if (identity_of(organization, 'parentUserId', new."parentUserId"))."contactId" is null then
    perform remember(organization, person, 'parentUserId', new."parentUserId", told, false);
  end if;
  perform settle_identities();
  select coalesce(c."mergedIntoId", c.id) into person from "Contact" c where c.id = person;
  if refresh_contact(person) then
    perform from "Chat" c where c."contactId" = person and c."mergedIntoId" is null order by c.id for no key update;
    perform log_chats(array(select c.id from "Chat" c where c."contactId" = person and c."mergedIntoId" is null));
  end if;
  return settle_identities();
end $$;
--> statement-breakpoint
-- Joins two contacts because an admin says so. Says `no_contact`, `not_mergeable`, or `merged` with the merge's id.
create function merge_contacts(organization int, a int, b int, agent int) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  merge int;
begin
  perform from "Contact" c where c.id in (a, b) and c."organizationId" = organization order by c.id for update;
  if (select count(*) from "Contact" c where c.id in (a, b) and c."organizationId" = organization) < cardinality(array(select distinct unnest(array[a, b]))) then
    return json_build_object('kind', 'no_contact', 'contactId', (select w from unnest(array[a, b]) w where not exists (
      select from "Contact" c where c.id = w and c."organizationId" = organization) limit 1));
  end if;
  if exists (select from "Contact" c where c.id in (a, b) and c."groupId" is not null) then return '{"kind": "not_mergeable"}'; end if;
  merge := join_contacts(a, b, agent);
  if merge is null then return '{"kind": "not_mergeable"}'; end if;
  return json_build_object('kind', 'merged', 'mergeId', merge, 'contactId', least(a, b), 'otherContactId', greatest(a, b),
    'committed', settle_identities()->'committed');
end $$;
--> statement-breakpoint
-- Takes one move of messages back. What was written since stays; so does what an agent has read.
create function move_back(c jsonb, agent int) returns void language plpgsql as $$
#variable_conflict use_column
declare
  l "Chat"; k "Chat";
  moved int[]; changed int[];
  unread int;
  ours jsonb := c->'into';
begin
  select * into l from "Chat" o where o.id = (c->>'chatId')::int;
  select * into k from "Chat" o where o.id = (c->>'intoId')::int;
  moved := array(select m.id from jsonb_array_elements(c->'messages') w join "Message" m on m.id = (w->>0)::int and m."chatId" = k.id order by (w->>1)::int);
  changed := array(select (w->>'id')::int from jsonb_array_elements(c->'changed') w);
  perform note_identity(array['chats', o.id::text], to_jsonb(o.head)) from unnest(array[l, k]) o;
  update "Message" m set "chatId" = l.id, seq = (w->>1)::int from jsonb_array_elements(c->'messages') w where m.id = (w->>0)::int and m.id = any(moved);
  update "MessageStatus" s set seq = m.seq from "Message" m where m.id = any(moved) and s."messageId" = m.id;
  update "Message" m set body = w->>'body', content = (w->>'content')::json, reactions = w->'reactions', "editedAt" = (w->>'editedAt')::timestamptz,
    "revokedAt" = (w->>'revokedAt')::timestamptz, "replyToMessageId" = (w->>'replyToMessageId')::int
  from jsonb_array_elements(c->'changed') w where m.id = (w->>'id')::int;
  changed := array(select unnest(amend(moved || changed) || changed) except select unnest(moved));
  -- As read as it was, unless somebody has read the chat since.
  unread := case when exists (select from "ChatEvent" e where e."chatId" = k.id and e.seq > (c->>'headAfter')::int and e.data ? 'unreadCount')
    then 0 else least((c->>'unreadCount')::int, k."unreadCount") end;
  insert into "ChatEvent" ("chatId", seq, event, "agentId") values (l.id, l.head + 1, 'chat.updated', agent);
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  select t.chat, t.head + o.n, 'message.updated', o.id, agent from unnest(moved) with ordinality o(id, n),
    (values (l.id, l.head + 1), (k.id, k.head)) t(chat, head);
  update "Chat" o set head = l.head + 1 + cardinality(moved), "mergedIntoId" = null, "unreadCount" = unread,
    "lastInboundAt" = (c->>'lastInboundAt')::timestamptz, status = case when unread > 0 then 'open' else c->>'status' end where o.id = l.id;
  update "Chat" o set head = k.head + cardinality(moved), "unreadCount" = k."unreadCount" - unread,
    status = case when k.status = 'open' and k."unreadCount" > unread then 'open' when k.status = 'open' and c->>'status' = 'open' then ours->>'status' else k.status end,
    "assigneeId" = case when ours->'assigneeId' = 'null' and k."assigneeId" = l."assigneeId" then null else k."assigneeId" end,
    "lastInboundAt" = case when k."lastInboundAt" > greatest((c->>'lastInboundAt')::timestamptz, (ours->>'lastInboundAt')::timestamptz) then k."lastInboundAt"
      else greatest((ours->>'lastInboundAt')::timestamptz, (select max(least(m."createdAt", m."receivedAt")) from "Message" m
        where m."chatId" = k.id and m.seq > (c->>'headAfter')::int and not m."fromMe" and not m."isHistory" and m.amends is null)) end
  where o.id = k.id;
  update "Chat" o set "mergedIntoId" = l.id from jsonb_array_elements_text(to_jsonb(c->'chained')) w where o.id = w::int;
  perform log_updates(changed);
  perform refresh_preview(array[l.id, k.id]);
end $$;
--> statement-breakpoint
-- Parts two contacts that were joined: each has what it was known by, its chats and its messages again. What was learnt or
-- written since stays with the one that was kept. Says `no_merge`, `not_open`, or `undone`.
create function undo_merge(organization int, merge int, agent int) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  m "ContactMerge"; k "Contact";
  c jsonb; was jsonb; joint jsonb;
begin
  select * into m from "ContactMerge" o where o.id = merge and o."organizationId" = organization for update;
  if m.id is null then return '{"kind": "no_merge"}'; end if;
  perform from "Contact" o where o.id in (m."contactId", m."mergedContactId") order by o.id for update;
  if m."undoneAt" is not null or exists (select from "ContactMerge" o where o.id > m.id and o."undoneAt" is null and (
      o."contactId" in (m."contactId", m."mergedContactId") or o."mergedContactId" in (m."contactId", m."mergedContactId"))) then
    return '{"kind": "not_open"}';
  end if;
  perform from "Chat" o where o."contactId" in (m."contactId", m."mergedContactId") order by o.id for no key update;
  for c in select w from jsonb_array_elements(m.before->'chats') w loop
    if c ? 'intoId' then perform move_back(c, agent);
    else update "Chat" o set "contactId" = m."mergedContactId" where o.id = (c->>'chatId')::int;
    end if;
  end loop;

  update "ContactIdentity" o set "contactId" = (w->>'contactId')::int, "isCurrent" = (w->>'isCurrent')::bool, "endedAt" = (w->>'endedAt')::timestamptz
  from jsonb_array_elements(m.before->'identities') w where o.id = (w->>'id')::int and o."contactId" = m."contactId"
    -- What a change has ended since has ended.
    and ((w->>'contactId')::int = m."mergedContactId" or (w->>'isCurrent')::bool = o."isCurrent" or o."endedAt" < m."createdAt");
  perform refresh_contact(m."contactId");
  update "Contact" o set "mergedIntoId" = null, phone = n.phone, "userId" = n."userId", "parentUserId" = n.parent, "updatedAt" = now()
  from (select max(i.value) filter (where i.kind = 'phone' and i.value = was.w->>'phone') phone,
      max(i.value) filter (where i.kind = 'userId' and i.value = was.w->>'userId') "userId",
      max(i.value) filter (where i.kind = 'parentUserId' and i.value = was.w->>'parentUserId') parent
    from (select m.before->'merged' w) was left join "ContactIdentity" i on i."contactId" = m."mergedContactId" and i."isCurrent") n
  where o.id = m."mergedContactId";
  update "Contact" o set "mergedIntoId" = m."mergedContactId" from jsonb_array_elements_text(to_jsonb(m.before->'chained')) w where o.id = w::int;
  -- What the kept one has of the other, and nobody has said anew since.
  was := m.before->'kept';
  joint := m.before->'combined';
  select * into k from "Contact" o where o.id = m."contactId";
  update "Contact" o set
    name = case when k."namedAt" is not distinct from (joint->>'namedAt')::timestamptz then was->>'name' else k.name end,
    "namedAt" = case when k."namedAt" is not distinct from (joint->>'namedAt')::timestamptz then (was->>'namedAt')::timestamptz else k."namedAt" end,
    username = case when k."usernamedAt" is not distinct from (joint->>'usernamedAt')::timestamptz then was->>'username' else k.username end,
    "usernamedAt" = case when k."usernamedAt" is not distinct from (joint->>'usernamedAt')::timestamptz then (was->>'usernamedAt')::timestamptz else k."usernamedAt" end,
    "marketingStoppedAt" = case when k."marketingSaidAt" is not distinct from (joint->>'marketingSaidAt')::timestamptz
      then (was->>'marketingStoppedAt')::timestamptz else k."marketingStoppedAt" end,
    "marketingSaidAt" = case when k."marketingSaidAt" is not distinct from (joint->>'marketingSaidAt')::timestamptz
      then (was->>'marketingSaidAt')::timestamptz else k."marketingSaidAt" end,
    "blockedAt" = case when k."blockedAt" is not distinct from (joint->>'blockedAt')::timestamptz then (was->>'blockedAt')::timestamptz else k."blockedAt" end,
    "updatedAt" = now()
  where o.id = k.id;
  perform log_chats(array(select o.id from "Chat" o where o."contactId" in (m."contactId", m."mergedContactId") and o."mergedIntoId" is null), agent);
  update "ContactMerge" o set "undoneAt" = now() where o.id = m.id;
  return json_build_object('kind', 'undone', 'contactId', m."contactId", 'otherContactId', m."mergedContactId",
    'committed', settle_identities()->'committed');
end $$;
--> statement-breakpoint
-- What a status tells of a person: the user id to the phone that we sent to. It makes no contact.
create function learn_people(people json) returns void language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  i "IngestItem";
begin
  for i in select * from json_populate_recordset(null::"IngestItem", people) loop
    select p."organizationId", p.id into i."organizationId", i."organizationPhoneId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = i."phoneNumberId";
    continue when i."organizationId" is null or exists (select from "Contact" c where c."organizationId" = i."organizationId"
      and c."userId" = i."userId" and (i.phone is null or c.phone = i.phone) and (i."parentUserId" is null or c."parentUserId" = i."parentUserId"));
    if i.kind = 'message' or (identity_of(i."organizationId", 'userId', i."userId")).id is not null
        or (identity_of(i."organizationId", 'phone', i.phone)).id is not null then
      perform contact_for(i);
    end if;
  end loop;
end $$;
--> statement-breakpoint
-- The decision that was taken before: `{"resentAs": id}`, `{"discarded": true}`, or null. It may stand in the log of the
-- chat that the message was in then.
create or replace function decision_on(m "Message") returns jsonb language sql stable as $$
  select e.data from "ChatEvent" e where e."messageId" = m.id and (e.data ? 'resentAs' or e.data ? 'discarded') limit 1
$$;
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
  -- Who waited for the lock of a chat that the message has left meanwhile takes that of the one it is in now.
  loop
    select * into chat from "Chat" c where c.id = m."chatId" for no key update;
    select * into m from "Message" o where o.id = message;
    exit when chat.id is not distinct from m."chatId";
  end loop;
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
-- Marks a chat as read by the team, up to the event `up_to` (null: all there is). Null when there is no such chat.
create or replace function mark_read(organization int, chat int, up_to int, agent int) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  c "Chat";
  unread int;
  events "IngestedEvent"[] := '{}';
  newest text;
begin
  select * into c from "Chat" o where o.id = chat and o."organizationId" = organization for no key update;
  if c.id is null then return null; end if;
  select count(*) into unread from "ChatEvent" e join "Message" m on m.id = e."messageId"
  where e."chatId" = chat and e.seq > up_to and e.event = 'message.created' and m."chatId" = chat
    and not m."fromMe" and m.amends is null and not m."isHistory";
  if unread < c."unreadCount" then
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data)
    values (chat, c.head + 1, 'chat.updated', agent, jsonb_build_object('unreadCount', unread));
    update "Chat" o set head = c.head + 1, "unreadCount" = unread where o.id = chat;
    events := array[row(chat, c.head + 1, 'chat.updated', null, true)::"IngestedEvent"];
    select m.wamid into newest from "Message" m where m."chatId" = chat and not m."fromMe" and m.amends is null and m.wamid is not null
      and (up_to is null or m.seq <= up_to) order by m."createdAt" desc, m.seq desc limit 1;
  end if;
  return json_build_object('committed', committed(events), 'organizationPhoneId', c."organizationPhoneId", 'newestWamid', newest);
end $$;
--> statement-breakpoint
-- The changes that messages tell of, then all that this transaction has found out: see `settle_identities`.
create function tell_identities(changes json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
begin
  perform change_identity(p."organizationId", c.change) from json_to_recordset(changes) c("phoneNumberId" text, change json)
  join "OrganizationPhone" p on p."wabaPhoneNumberId" = c."phoneNumberId";
  return settle_identities();
end $$;
