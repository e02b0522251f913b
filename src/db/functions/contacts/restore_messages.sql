-- Undoes one `move_messages`. What was written since stays, and so does what an agent has read. The window stays open by what a customer
-- has written since, not by notices or calls.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function restore_messages(c jsonb, agent int) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  l "Chat"; k "Chat";
  moved int[]; changed int[];
  unread int;
  ours jsonb := c->'into';
begin
  select * into l from "Chat" o where o.id = (c->>'chatId')::int;
  select * into k from "Chat" o where o.id = (c->>'intoId')::int;
  moved := array(select m.id from jsonb_array_elements(c->'messages') w join "Message" m on m.id = (w->>0)::int and m."chatId" + 0 = k.id order by (w->>1)::int);
  changed := array(select (w->>'id')::int from jsonb_array_elements(c->'changed') w);
  perform note_identity_outcome(array['chats', o.id::text], to_jsonb(o.head)) from unnest(array[l, k]) o;
  update "Message" m set "chatId" = l.id, seq = (w->>1)::int from jsonb_array_elements(c->'messages') w where m.id = (w->>0)::int and m."chatId" + 0 = k.id;
  update "MessageStatus" s set seq = m.seq from "Message" m where m.id = any(moved) and s."messageId" = m.id;
  update "Message" m set body = w->>'body', content = (w->>'content')::json,
    "mediaId" = case when w ? 'mediaId' then (w->>'mediaId')::int else m."mediaId" end, reactions = w->'reactions', "editedAt" = (w->>'editedAt')::timestamptz,
    "revokedAt" = (w->>'revokedAt')::timestamptz, "replyToMessageId" = (w->>'replyToMessageId')::int
  from jsonb_array_elements(c->'changed') w where m.id = (w->>'id')::int and m.amends is distinct from 'echo';
  changed := array(select unnest(amend(moved || changed) || changed) except select unnest(moved));
  -- The unread count of before the merge, unless an agent has read the chat since.
  unread := case when exists (select from "ChatEvent" e where e."chatId" = k.id and e.seq > (c->>'headAfter')::int and e.data ? 'unreadCount')
    then 0 else least((c->>'unreadCount')::int, k."unreadCount") end;
  insert into "ChatEvent" ("chatId", seq, event, "agentId") values (l.id, l.head + 1, 'chat.updated', agent);
  insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId")
  select t.chat, t.head + o.n, 'message.updated', o.id, agent from unnest(moved) with ordinality o(id, n),
    (values (l.id, l.head + 1), (k.id, k.head)) t(chat, head);
  update "Chat" o set head = l.head + 1 + cardinality(moved), "mergedIntoId" = null, "unreadCount" = unread,
    "lastInboundAt" = (c->>'lastInboundAt')::timestamptz, status = case when unread > 0 then 'open' else c->>'status' end where o.id = l.id;
  update "Chat" o set head = k.head + cardinality(moved), "unreadCount" = k."unreadCount" - unread,
    "snoozedUntil" = case when k.status <> 'closed' and k."unreadCount" <= unread then (ours->>'snoozedUntil')::timestamptz end,
    "labelIds" = case when k."labelIds" @> l."labelIds" then array(select unnest(k."labelIds")
      except (select unnest(l."labelIds") except select value::int from jsonb_array_elements_text(coalesce(ours->'labelIds', '[]')))) else k."labelIds" end,
    status = case when k.status = 'open' and k."unreadCount" > unread then 'open' when k.status = 'open' and c->>'status' = 'open' then ours->>'status' else k.status end,
    "assigneeId" = case when ours->'assigneeId' = 'null' and k."assigneeId" = l."assigneeId" then null else k."assigneeId" end,
    "lastInboundAt" = case when k."lastInboundAt" > greatest((c->>'lastInboundAt')::timestamptz, (ours->>'lastInboundAt')::timestamptz) then k."lastInboundAt"
      else greatest((ours->>'lastInboundAt')::timestamptz, (select max(least(m."createdAt", m."receivedAt")) from "Message" m
        where m."chatId" = k.id and m."createdAt" > coalesce((ours->>'lastInboundAt')::timestamptz, '-infinity') and m.seq > (c->>'headAfter')::int and not m."fromMe" and not m."isHistory" and m.amends is null
          and m."messageType" not in ('system', 'call', 'handover'))) end
  where o.id = k.id;
  update "Chat" o set "mergedIntoId" = l.id from jsonb_array_elements_text(to_jsonb(c->'chained')) w where o.id = w::int;
  perform log_updates(changed);
  perform refresh_preview(array[l.id, k.id]);
  perform move_notes(array(select n.id from "ChatNote" n where n."chatId" = k.id
    and n.id in (select value::int from jsonb_array_elements_text(coalesce(c->'notes', '[]')))), l.id, agent, true);
end $$;
