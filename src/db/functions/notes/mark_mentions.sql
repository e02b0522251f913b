-- Records in a chat, whose lock the caller holds, whom the note `n` mentions since its change from `before`, besides its author.
-- Whom no note of the chat mentions any more is no longer recorded. Who is recorded already is recorded once more, so that a page sees
-- that there is another note; but a chat that nobody reads does not grow without end.
create or replace function mark_mentions(n "ChatNote", before int[]) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  added int[] := array(select unnest(array_remove(n.mentions, n."agentId")) except select unnest(before));
  gone int[] := array(select unnest(before) except select unnest(n.mentions));
begin
  if gone <> '{}' then
    gone := array(select unnest(gone) except select unnest(k.mentions) from "ChatNote" k where k."chatId" = n."chatId");
  end if;
  update "Chat" c set "mentionedIds" = array(select i from unnest(c."mentionedIds") i where i <> all(gone) union all select unnest(added) order by 1)
  where c.id = n."chatId" and (c."mentionedIds" && gone
    or not c."mentionedIds" @> added or added <> '{}' and cardinality(c."mentionedIds") < 200);
end $$;
