-- Brings chats up to date with their new messages: number, unread count, service window, preview. `ids` and `seqs`: by
-- position in the batch, null for what is not new. The caller has stored the messages and holds the chats' locks. Whether an
-- answer in the phone's own app or the message that it answers comes first, the same are unread. `inbound`: see `counts_as_unread`; what
-- opens the window does, so that few rows are read for it.
create or replace function advance_chats(places "PlacedMessage"[], ids int[], seqs int[]) returns void language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update "Chat" c set head = n.head, "updatedAt" = now(),
    -- Where nothing is newer than the first of them, none was answered.
    "unreadCount" = case when n."firstAt" >= c."lastMessageAt" and not n."hasEcho" then c."unreadCount" + n.inbound
      else unread_after(c.id, c."unreadCount", places, ids, n."answeredAt") end,
    status = case when n.inbound > 0 then 'open' else c.status end,
    "snoozedUntil" = case when n.inbound > 0 then null else c."snoozedUntil" end,
    "lastInboundAt" = greatest(c."lastInboundAt", n."inboundAt"),
    "lastMessageId" = case when n."lastAt" >= c."lastMessageAt" then n."lastId" else c."lastMessageId" end,
    "lastMessageAt" = greatest(c."lastMessageAt", n."lastAt")
  from (
    select p."chatId", max(seqs[p.n]) head,
      count(*) filter (where not p."fromMe" and p.amends is null and not p."isHistory" and (p."opensServiceWindow"
        or (select counts_as_unread(m."fromMe", m.amends, m."isHistory", m."messageType") from "Message" m where m.id = ids[p.n]))) inbound,
      min(p.at) filter (where not p."fromMe") "firstAt", bool_or(p."fromMe") "hasEcho",
      max(p.at) filter (where p."fromMe" and (select is_app_answer(m."fromMe", m."agentId", m."isHistory", m.amends, m."messageType")
        and not may_be_echo(p."chatId", m.id, m."messageType", m.body) from "Message" m where m.id = ids[p.n])) "answeredAt",
      -- A future timestamp must not keep the service window open.
      max(least(p.at, now())) filter (where p."opensServiceWindow") "inboundAt",
      max(p.at) filter (where p.amends is null) "lastAt",
      (array_agg(ids[p.n] order by p.at desc, seqs[p.n] desc) filter (where p.amends is null))[1] "lastId"
    from unnest(places) p where ids[p.n] is not null group by p."chatId") n
  where c.id = n."chatId";
end $$;
