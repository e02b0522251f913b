-- Opens the chats whose snooze has ended, at most `row_limit`, and marks them unread, so that somebody looks. A chat that is
-- locked waits for the next call. Returns what was committed.
create or replace function wake_snoozed(row_limit int) returns json language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  due int[];
begin
  due := array(select c.id from "Chat" c where c.status = 'snoozed' and c."snoozedUntil" <= now() and c."mergedIntoId" is null
    order by c."snoozedUntil" limit row_limit for no key update skip locked);
  update "Chat" c set status = 'open', "snoozedUntil" = null, "unreadCount" = greatest(c."unreadCount", 1), "updatedAt" = now()
  where c.id = any(due);
  return committed(log_chats(due, null, '{"activity": "woke"}'));
end $$;
