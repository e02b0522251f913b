-- Marks a chat as read by the team, up to the event `up_to` (null: to its end), and what notes up to there mention the agent for.
-- Returns null when there is no such chat.
create or replace function mark_read(organization int, chat int, up_to int, agent int) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  c "Chat";
  unread int;
  mentioned int[];
  events "IngestedEvent"[] := '{}';
  newest text;
begin
  select * into c from "Chat" o where o.id = chat and o."organizationId" = organization for no key update;
  if c.id is null then return null; end if;
  -- Null leaves nothing unread, so nothing is counted: the count would read the whole log.
  unread := 0;
  if up_to is not null then select count(*) into unread from "ChatEvent" e join "Message" m on m.id = e."messageId"
  where e."chatId" = chat and e.seq > up_to and e.event = 'message.created' and m."chatId" = chat
    and counts_as_unread(m."fromMe", m.amends, m."isHistory", m."messageType");
  end if;
  mentioned := array_remove(c."mentionedIds", agent);
  if c."mentionedIds" @> array[agent] and exists (select from "ChatEvent" e join "ChatNote" n on n.id = e."noteId"
    where e."chatId" = chat and e.seq > up_to and n.mentions @> array[agent]) then mentioned := c."mentionedIds"; end if;
  if unread < c."unreadCount" or mentioned <> c."mentionedIds" then
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data)
    values (chat, c.head + 1, 'chat.updated', agent, case when unread < c."unreadCount" then jsonb_build_object('unreadCount', unread) end);
    update "Chat" o set head = c.head + 1, "unreadCount" = least(unread, c."unreadCount"), "mentionedIds" = mentioned where o.id = chat;
    events := array[row(chat, c.head + 1, 'chat.updated', null, true)::"IngestedEvent"];
  end if;
  if unread < c."unreadCount" then
    select m.wamid into newest from "Message" m where m."chatId" = chat
      and takes_read_receipt(m."fromMe", m.amends, m."isHistory", m."messageType", m.wamid) and (up_to is null or m.seq <= up_to) order by m."createdAt" desc, m.seq desc limit 1;
  end if;
  return json_build_object('committed', committed(events), 'organizationPhoneId', c."organizationPhoneId", 'newestWamid', newest);
end $$;
