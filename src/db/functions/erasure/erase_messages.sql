-- Deletes up to `row_limit` messages of a person's chats, with their events, statuses, files and words for the search; a message of another chat that
-- refers to one no longer does. Their wamids are remembered as hashes for as long as Meta may speak of them. Returns how many
-- were deleted. Waits for no lock longer than two seconds.
create or replace function erase_messages(organization int, contact int, at timestamptz, row_limit int) returns int language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  person record;
  gone int[];
  files int[];
begin
  select * into person from person_of(organization, contact);
  perform from "Chat" c where c.id = any(person.chats) order by c.id for update;
  gone := array(select m.id from "Message" m where m."chatId" = any(person.chats) limit row_limit);
  insert into "Erasure" ("organizationId", hash, "erasedAt")
  select distinct organization, erasure_hash('wamid', m.wamid), at from "Message" m
  where m.id = any(gone) and m.wamid is not null and greatest(m."receivedAt", m."createdAt") > at - interval '31 days' order by 2
  on conflict do nothing;
  delete from "ChatEvent" e where e."messageId" = any(gone) and e."chatId" = any(person.chats);
  -- Of a merge that was undone: the other chat's log keeps its number.
  update "ChatEvent" e set event = 'chat.updated', "messageId" = null, data = null where e."messageId" = any(gone);
  delete from "MessageStatus" s where s."messageId" = any(gone);
  update "Message" m set "replyToMessageId" = null where m."replyToMessageId" = any(gone);
  files := array(select m."mediaId" from "Message" m where m.id = any(gone) and m."mediaId" is not null);
  delete from "Message" m where m.id = any(gone);
  perform erase_files(files);
  return cardinality(gone);
end $$;
