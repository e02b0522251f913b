-- Stores the new messages of a batch, each with the next number of its chat in the order of Meta's times, and logs them. Of
-- one wamid with two contents the first stays. `files`: by position in the batch, the id of the message's file. Returns an
-- event per message; `isNew` is false for one that was already stored. The caller holds the chats' locks.
create or replace function insert_messages(batch json, places "PlacedMessage"[], files int[]) returns "IngestedEvent"[]
  language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  -- By position in the batch; null where a message is not new, or its number is not connected.
  ids int[];
  seqs int[];
  stored int[];
  events "IngestedEvent"[];
begin
  select array_agg(f.id order by f.n), array_agg(f.seq order by f.n), array_agg(f."storedId") into ids, seqs, stored
  from (
    select u.n, u."storedId", case when u."isNew" then nextval('"Message_id_seq"')::int end id,
      case when u."isNew" then (select c.head from "Chat" c where c.id = u."chatId")
        + row_number() over (partition by u."chatId", u."isNew" order by u.at, u.n)::int end seq
    from (
      select p.n, p."chatId", p.at, s.id "storedId", s.id is null and p."organizationPhoneId" is not null
          and row_number() over (partition by p."organizationPhoneId", p.wamid order by p.n) = 1 "isNew"
      -- Looked up again: it may have been stored by another path before we had the locks.
      from unnest(places) p cross join lateral (select (select m.id from "Message" m
        where m."organizationPhoneId" = p."organizationPhoneId" and m.wamid = p.wamid) id offset 0) s) u) f;

  with items as materialized (
    select * from rows from (unnest(ids, seqs, files), unnest(places), json_to_recordset(batch) as ("messageType" text, body text,
      payload text, "refersTo" text, emoji text, "newBody" text, status text, "receivedAt" timestamptz, "spooledAt" timestamptz,
      content text, sender text)) i(id, seq, file) where i.id is not null),
  message as (
    insert into "Message" (id, "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "refersTo",
      amends, emoji, "newBody", status, "createdAt", "receivedAt", "spooledAt", content, sender, "mediaId", "isHistory")
    select i.id, i."organizationPhoneId", i."chatId", i.seq, i.wamid, i."fromMe", i."messageType", i.body, i.payload::json, i."refersTo",
      i.amends, i.emoji, i."newBody", case when i."fromMe" then coalesce(i.status, 'sent') end, i.at, coalesce(i."receivedAt", now()),
      i."spooledAt", i.content::json, i.sender, i.file, i."isHistory" from items i),
  -- As `index_messages` does.
  search as (
    insert into "MessageSearch" ("messageId", "organizationId", "createdAt", lexemes)
    select i.id, i."organizationId", i.at, search_lexemes(i."organizationId", i.at, i.body)
    from items i where is_searchable(i.amends, null, i.body))
  insert into "ChatEvent" ("chatId", seq, event, "messageId") select i."chatId", i.seq, 'message.created', i.id from items i;

  events := array(
    select row(p."chatId", seqs[p.n], 'message.created', ids[p.n], true)::"IngestedEvent" from unnest(places) p
    where ids[p.n] is not null);
  if events <> '{}' then perform advance_chats(places, ids, seqs); end if;
  if cardinality(events) < cardinality(ids) then
    events := events || array(select row(m."chatId", m.seq, 'message.created', m.id, false)::"IngestedEvent"
      from "Message" m where m.id = any(stored));
  end if;
  return events;
end $$;
