-- Sets the preview of chats to their newest message.
create or replace function refresh_preview(chats int[]) returns void language sql as $$
  update "Chat" c set "lastMessageId" = n.id, "lastMessageAt" = coalesce(n."createdAt", to_timestamp(0)), "updatedAt" = now()
  from unnest(chats) w(id) left join lateral (select m.id, m."createdAt" from "Message" m where m."chatId" = w.id and m.amends is null
    order by m."createdAt" desc, m.seq desc limit 1) n on true
  where c.id = w.id
$$;
