-- Removes a person from the groups of the organization: what they wrote there becomes a deleted message, their reactions and what
-- Meta reported of them as recipients goes, and nobody else's message names them. Returns the changed messages' events.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function erase_from_groups(organization int, ids text[], at timestamptz) returns "IngestedEvent"[] language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  groups int[] := array(select c.id from "Contact" k join "Chat" c on c."contactId" = k.id
    where k."organizationId" = organization and k."groupId" is not null order by c.id);
  named text := mention_pattern(ids);
  theirs int[];
  ours int[];
  files int[];
  targets int[];
  changed int[];
begin
  perform from "Chat" c where c.id = any(groups) order by c.id for no key update;
  theirs := array(select m.id from "Message" m where m."chatId" = any(groups) and m.sender = any(ids));
  insert into "Erasure" ("organizationId", hash, "erasedAt")
  select distinct organization, erasure_hash('wamid', m.wamid), at from "Message" m where m.id = any(theirs) and m.wamid is not null
    and m."receivedAt" > at - interval '31 days' order by 2 on conflict do nothing;
  ours := array(select m.id from "Message" m where m."chatId" = any(groups) and m."fromMe");
  delete from "MessageStatus" s where s."messageId" = any(ours) and s.participant = any(ids);
  targets := array(select t.id from "Message" a join "Message" t on t."organizationPhoneId" = a."organizationPhoneId"
    and t.wamid = a."refersTo" and t."chatId" + 0 = a."chatId" + 0 where a.id = any(theirs) and a.amends is not null);
  files := array(select m."mediaId" from "Message" m where m.id = any(theirs) and m."mediaId" is not null);
  update "Message" m set body = '[deleted]', payload = '{}', content = null, "newBody" = null, emoji = null, sender = null,
    "mediaId" = null, wamid = 'erased.' || m.id, "refersTo" = null, "revokedAt" = coalesce(m."revokedAt", at), reactions = '[]'
  where m.id = any(theirs);
  perform erase_files(files);
  update "Message" m set reactions = coalesce((select jsonb_agg(r) from jsonb_array_elements(m.reactions) r
      where not coalesce(r->>'sender' = any(ids), false)), '[]'),
    payload = erase_ids(m.payload::text, ids)::json, content = erase_ids(m.content::text, ids)::json
  where m."chatId" = any(groups) and (m.payload::text ~ named or m.content::text ~ named or m.reactions::text ~ named);
  changed := array(select unnest(theirs) union select unnest(targets));
  return log_updates(changed);
end $$;
