-- Locks a contact's chats and logs a `chat.updated` in each; `settle_identities` returns the events at the end of the
-- transaction.
create or replace function log_contact_chats(contact int, agent int default null) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  chats int[];
begin
  perform from "Chat" c where c."contactId" = contact and c."mergedIntoId" is null order by c.id for no key update;
  chats := array(select c.id from "Chat" c where c."contactId" = contact and c."mergedIntoId" is null);
  perform note_identity_outcome(array['chats', c.id::text], to_jsonb(c.head)) from "Chat" c where c.id = any(chats);
  perform log_chats(chats, agent);
end $$;
