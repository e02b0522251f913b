-- Finds the events of a batch whose chat another transaction has locked, without waiting for it. Returns their positions, from 1:
-- `messages` and `statuses`. The locks that it takes end with the call.
create or replace function locked_events(messages json, statuses json) returns json language plpgsql
  set lock_timeout = '200ms' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  places "PlacedMessage"[] := '{}';
  reports "InboundStatus"[] := '{}';
  -- By position; null where an event has no chat yet.
  "messageChats" int[];
  "statusChats" int[];
  chats int[];
  locked int[];
begin
  if messages is not null then places := resolve_messages(messages); end if;
  if statuses is not null then reports := match_statuses(resolve_statuses(statuses)); end if;
  -- By all current and former ids, whatever their times: to find who may have been meant is enough here.
  "messageChats" := array(select coalesce(places[i.n]."chatId",
      (select m."chatId" from "Message" m where m.id = places[i.n]."messageId"),
      (select c.id from "Chat" c where c."organizationPhoneId" = places[i.n]."organizationPhoneId" and c."contactId" = coalesce(
        (identity_of(places[i.n]."organizationId", 'userId', i."userId"))."contactId",
        (identity_of(places[i.n]."organizationId", 'phone', i.phone))."contactId",
        (select k.id from "Contact" k where k."organizationId" = places[i.n]."organizationId" and k."groupId" = i."groupId"))))
    from rows from (json_to_recordset(messages) as (phone text, "userId" text, "groupId" text)) with ordinality
      i(phone, "userId", "groupId", n)
    order by i.n);
  "statusChats" := array(select (select m."chatId" from "Message" m where m.id = r."messageId") from unnest(reports) r order by r.n);
  chats := array_remove("messageChats" || "statusChats", null);
  locked := array(select unnest(chats)
    except select id from (select c.id from "Chat" c where c.id = any(chats) for no key update skip locked) free);
  return json_build_object(
    'messages', (select coalesce(json_agg(n), '[]') from unnest("messageChats") with ordinality t(chat, n) where chat = any(locked)),
    'statuses', (select coalesce(json_agg(n), '[]') from unnest("statusChats") with ordinality t(chat, n) where chat = any(locked)));
end $$;
