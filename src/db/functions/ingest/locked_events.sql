-- Finds the events of a batch whose chat, contact or message another transaction has locked, without waiting for it. Returns their
-- positions, from 1: `messages` and `statuses`. The locks that it takes end with the call. What a message of a group also locks is its
-- author (`memberPhone`, `memberUserId`); a reaction, edit or revoke also locks the message it changes.
create or replace function locked_events(messages json, statuses json) returns json language plpgsql
  set lock_timeout = '200ms' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  places "PlacedMessage"[] := '{}';
  reports "InboundStatus"[] := '{}';
  -- By position; null where there is none.
  "messageContacts" int[];
  members int[];
  "messageChats" int[];
  amended int[];
  reported int[];
  "statusChats" int[];
  "echoChats" int[];
  chats int[];
  contacts int[];
  rows int[];
begin
  if messages is not null then places := resolve_messages(messages); end if;
  if statuses is not null then reports := match_statuses(resolve_statuses(statuses)); end if;
  -- By all current and former ids, whatever their times: to find who may have been meant is enough here.
  select array_agg(coalesce(p."contactId", (identity_of(p."organizationId", 'userId', i."userId"))."contactId",
      (identity_of(p."organizationId", 'phone', i.phone))."contactId",
      (select k.id from "Contact" k where k."organizationId" = p."organizationId" and k."groupId" = i."groupId")) order by i.n),
    array_agg(coalesce((identity_of(p."organizationId", 'userId', i."memberUserId"))."contactId",
      (identity_of(p."organizationId", 'phone', i."memberPhone"))."contactId") order by i.n),
    array_agg(case when i.amends is not null then (select m.id from "Message" m
      where m."organizationPhoneId" = p."organizationPhoneId" and m.wamid = i."refersTo") end order by i.n)
  into "messageContacts", members, amended
  from rows from (json_to_recordset(messages) as (phone text, "userId" text, "groupId" text, "memberPhone" text, "memberUserId" text,
      amends text, "refersTo" text)) with ordinality i(phone, "userId", "groupId", "memberPhone", "memberUserId", amends, "refersTo", n)
  cross join lateral (select (places[i.n]).*) p;
  "messageChats" := array(select coalesce(p."chatId", (select m."chatId" from "Message" m where m.id = p."messageId"),
      (select c.id from "Chat" c where c."organizationPhoneId" = p."organizationPhoneId" and c."contactId" = "messageContacts"[p.n]))
    from unnest(places) p order by p.n);
  reported := array(select r."messageId" from unnest(reports) with ordinality r order by r.ordinality);
  "statusChats" := array(select (select m."chatId" from "Message" m where m.id = r.id) from unnest(reported) with ordinality r(id, n)
    order by r.n);
  -- Where a status takes its wamid from an echo.
  "echoChats" := array(select (select e."chatId" from "Message" e where e."organizationPhoneId" = r."organizationPhoneId"
      and e.wamid = r.wamid and e.id <> r."messageId") from unnest(reports) with ordinality r order by r.ordinality);

  chats := array_remove("messageChats" || "statusChats" || "echoChats", null);
  contacts := array_remove("messageContacts" || members, null);
  rows := array_remove(amended || reported, null);
  chats := array(select unnest(chats)
    except select id from (select c.id from "Chat" c where c.id = any(chats) for no key update skip locked) free);
  contacts := array(select unnest(contacts)
    except select id from (select c.id from "Contact" c where c.id = any(contacts) for no key update skip locked) free);
  rows := array(select unnest(rows)
    except select id from (select m.id from "Message" m where m.id = any(rows) for no key update skip locked) free);
  return json_build_object(
    'messages', (select coalesce(json_agg(p.n), '[]') from unnest(places) p where "messageChats"[p.n] = any(chats)
      or "messageContacts"[p.n] = any(contacts) or members[p.n] = any(contacts) or amended[p.n] = any(rows)),
    'statuses', (select coalesce(json_agg(r.n), '[]') from unnest(reported, "statusChats", "echoChats")
      with ordinality r(id, chat, "echoChat", n) where r.chat = any(chats) or r."echoChat" = any(chats) or r.id = any(rows)));
end $$;
