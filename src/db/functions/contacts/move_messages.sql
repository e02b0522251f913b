-- Moves the messages of the chat `l` to the end of `k`'s log, where each gets a new number; `l` keeps its log and points to
-- `k`. Returns what undoing it needs. The caller holds the locks of both chats.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function move_messages(l "Chat", k "Chat", agent int) returns jsonb language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  moved int[] := array(select m.id from "Message" m where m."chatId" = l.id order by m.seq);
  before jsonb; changed jsonb; chained int[];
begin
  select jsonb_object_agg(m.id, amendable_json(m)) into before from "Message" m where m.id in (
    select unnest(moved)
    union select t.id from "Message" o join "Message" t on t."organizationPhoneId" = o."organizationPhoneId" and t."chatId" + 0 = k.id and t.wamid = o."refersTo"
      where o.id = any(moved) and o."refersTo" is not null
    union select r.id from "Message" o join "Message" r on r."organizationPhoneId" = o."organizationPhoneId" and r."chatId" + 0 = k.id
      and r."refersTo" = o.wamid where o.id = any(moved) and r."refersTo" is not null);
  changed := jsonb_build_object('chatId', l.id, 'intoId', k.id, 'unreadCount', l."unreadCount", 'lastInboundAt', l."lastInboundAt",
    'status', l.status, 'messages', (select coalesce(jsonb_agg(jsonb_build_array(m.id, m.seq) order by m.seq), '[]') from "Message" m where m.id = any(moved)),
    'into', jsonb_build_object('lastInboundAt', k."lastInboundAt", 'status', k.status, 'assigneeId', k."assigneeId",
      'snoozedUntil', k."snoozedUntil", 'labelIds', k."labelIds"));
  perform note_identity_outcome(array['chats', c.id::text], to_jsonb(c.head)) from unnest(array[l, k]) c;
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  select k.id, k.head + o.n, 'message.created', o.id, agent from unnest(moved) with ordinality o(id, n);
  update "Message" m set "chatId" = k.id, seq = k.head + o.n from unnest(moved) with ordinality o(id, n) where m.id = o.id;
  update "MessageStatus" s set seq = m.seq from "Message" m where m.id = any(moved) and s."messageId" = m.id;
  update "Chat" c set head = k.head + cardinality(moved),
    "unreadCount" = coalesce(unanswered_count(k.id, k."unreadCount" + l."unreadCount", answered_at(k.id, k."unreadCount" + l."unreadCount")), k."unreadCount" + l."unreadCount"),
    "lastInboundAt" = greatest(k."lastInboundAt", l."lastInboundAt"), "assigneeId" = coalesce(k."assigneeId", l."assigneeId"),
    status = case when 'open' in (k.status, l.status) then 'open' when 'snoozed' in (k.status, l.status) then 'snoozed' else 'closed' end,
    "snoozedUntil" = case when 'open' in (k.status, l.status) then null else coalesce(k."snoozedUntil", l."snoozedUntil") end,
    "labelIds" = k."labelIds" || array(select unnest(l."labelIds") except select unnest(k."labelIds") order by 1),
    "mentionedIds" = array(select unnest(k."mentionedIds") union select unnest(l."mentionedIds") order by 1)
  where c.id = k.id;
  with recursive under(id) as (select l."contactId" union select m."mergedContactId" from under u join "ContactMerge" m
      on m."contactId" = u.id and m."undoneAt" is null),
    done as (update "Chat" c set "mergedIntoId" = k.id from under u where c."contactId" = u.id and c."mergedIntoId" = l.id returning c.id)
  select array_agg(id) into chained from done;
  perform log_updates(amend(moved));
  perform refresh_preview(array[k.id]);
  changed := changed || jsonb_build_object('notes',
    move_notes(array(select n.id from "ChatNote" n where n."chatId" = l.id), k.id, agent, false));
  insert into "ChatEvent" ("chatId", seq, event, "agentId") values (l.id, l.head + 1, 'chat.updated', agent);
  update "Chat" c set head = l.head + 1, "mergedIntoId" = k.id, "unreadCount" = 0, "lastMessageId" = null, "lastMessageAt" = to_timestamp(0),
    "updatedAt" = now() where c.id = l.id;
  return changed || jsonb_build_object('chained', coalesce(chained, '{}'), 'headAfter', (select c.head from "Chat" c where c.id = k.id),
    'changed', (select coalesce(jsonb_agg(case when m."revokedAt" is not null then b.value || scrubbed_json() else b.value end), '[]') from jsonb_each(before) b join "Message" m on m.id = b.key::int
      where b.value is distinct from amendable_json(m)));
end $$;
