-- Sets the preview of chats to their newest message, by the index in display order.
create or replace function refresh_preview(chats int[]) returns void language sql
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_sort = off as $$
  update "Chat" c set "lastMessageId" = n.id, "lastMessageAt" = coalesce(n."createdAt", to_timestamp(0)), "updatedAt" = now()
  from unnest(chats) w(id) left join lateral (select m.id, m."createdAt" from "Message" m where m."chatId" = w.id and m.amends is null
    order by m."createdAt" desc, m.seq desc limit 1) n on true
  where c.id = w.id
$$;
