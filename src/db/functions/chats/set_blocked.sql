-- Records in all chats of a chat's contact that the contact is blocked since `at`, or no longer (null). Returns null when
-- there is no such chat.
create or replace function set_blocked(organization int, chat int, at timestamptz, agent int) returns json language plpgsql set lock_timeout = '2s'
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  contact int;
  changed int[];
  events "IngestedEvent"[] := '{}';
begin
  select c."contactId" into contact from "Chat" c where c.id = coalesce((select o."mergedIntoId" from "Chat" o where o.id = chat), chat)
    and c."organizationId" = organization;
  if contact is null then return null; end if;
  update "Contact" k set "blockedAt" = at, "updatedAt" = now() where k.id = contact and (k."blockedAt" is null) <> (at is null);
  if found then
    perform from "Chat" c where c."contactId" = contact and c."mergedIntoId" is null order by c.id for no key update;
    changed := array(select c.id from "Chat" c where c."contactId" = contact and c."mergedIntoId" is null);
    update "Chat" c set "updatedAt" = now() where c.id = any(changed);
    events := log_chats(changed, agent, jsonb_build_object('blockedAt', rfc3339(at)));
  end if;
  return committed(events);
end $$;
