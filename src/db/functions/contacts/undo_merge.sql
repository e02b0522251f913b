-- Undoes a merge: each contact has its own ids, chats and messages again. What was learnt or written since stays with the
-- contact that was kept. Returns `no_merge`, `not_open`, or `undone`.
create or replace function undo_merge(organization int, merge int, agent int) returns json language plpgsql set lock_timeout = '2s'
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  m "ContactMerge"; k "Contact";
  c jsonb; was jsonb; joint jsonb;
begin
  select * into m from "ContactMerge" o where o.id = merge and o."organizationId" = organization for update;
  if m.id is null then return '{"kind": "no_merge"}'; end if;
  perform from "Contact" o where o.id in (m."contactId", m."mergedContactId") order by o.id for update;
  if m."undoneAt" is not null or exists (select from "ContactMerge" o where o.id > m.id and o."undoneAt" is null and (
      o."contactId" in (m."contactId", m."mergedContactId") or o."mergedContactId" in (m."contactId", m."mergedContactId"))) then
    return '{"kind": "not_open"}';
  end if;
  perform from "Chat" o where o."contactId" in (m."contactId", m."mergedContactId") order by o.id for no key update;
  for c in select w from jsonb_array_elements(m.before->'chats') w loop
    if c ? 'intoId' then perform restore_messages(c, agent);
    else update "Chat" o set "contactId" = m."mergedContactId" where o.id = (c->>'chatId')::int;
    end if;
  end loop;

  update "ContactIdentity" o set "contactId" = m."mergedContactId" from jsonb_array_elements(m.before->'identities') w
  where o.id = (w->>'id')::int and o."contactId" = m."contactId" and (w->>'contactId')::int = m."mergedContactId";
  update "Contact" o set "mergedIntoId" = null, "updatedAt" = now() where o.id = m."mergedContactId";
  update "Contact" o set "mergedIntoId" = m."mergedContactId" from jsonb_array_elements_text(to_jsonb(m.before->'chained')) w where o.id = w::int;
  perform refresh_contact(m."contactId");
  perform refresh_contact(m."mergedContactId");
  -- Columns that the kept contact took from the other, and that have not changed since.
  was := m.before->'kept';
  joint := m.before->'combined';
  select * into k from "Contact" o where o.id = m."contactId";
  update "Contact" o set
    "profileName" = case when k."namedAt" is not distinct from (joint->>'namedAt')::timestamptz then was->>'profileName' else k."profileName" end,
    "savedName" = case when k."savedNameAt" is not distinct from (joint->>'savedNameAt')::timestamptz then was->>'savedName' else k."savedName" end,
    "savedNameAt" = case when k."savedNameAt" is not distinct from (joint->>'savedNameAt')::timestamptz then (was->>'savedNameAt')::timestamptz else k."savedNameAt" end,
    "agentName" = case when k."agentNameAt" is not distinct from (joint->>'agentNameAt')::timestamptz then was->>'agentName' else k."agentName" end,
    "agentNameAt" = case when k."agentNameAt" is not distinct from (joint->>'agentNameAt')::timestamptz then (was->>'agentNameAt')::timestamptz else k."agentNameAt" end,
    "namedAt" = case when k."namedAt" is not distinct from (joint->>'namedAt')::timestamptz then (was->>'namedAt')::timestamptz else k."namedAt" end,
    username = case when k."usernamedAt" is not distinct from (joint->>'usernamedAt')::timestamptz then was->>'username' else k.username end,
    "usernamedAt" = case when k."usernamedAt" is not distinct from (joint->>'usernamedAt')::timestamptz then (was->>'usernamedAt')::timestamptz else k."usernamedAt" end,
    "marketingStoppedAt" = case when k."marketingSaidAt" is not distinct from (joint->>'marketingSaidAt')::timestamptz
      then (was->>'marketingStoppedAt')::timestamptz else k."marketingStoppedAt" end,
    "marketingSaidAt" = case when k."marketingSaidAt" is not distinct from (joint->>'marketingSaidAt')::timestamptz
      then (was->>'marketingSaidAt')::timestamptz else k."marketingSaidAt" end,
    "marketingSignupId" = case when k."marketingSaidAt" is not distinct from (joint->>'marketingSaidAt')::timestamptz
      then was->>'marketingSignupId' else k."marketingSignupId" end,
    "blockedAt" = case when k."blockedAt" is not distinct from (joint->>'blockedAt')::timestamptz then (was->>'blockedAt')::timestamptz else k."blockedAt" end,
    "updatedAt" = now()
  where o.id = k.id;
  perform log_contact_chats(m."contactId", agent);
  perform log_contact_chats(m."mergedContactId", agent);
  update "ContactMerge" o set "undoneAt" = now() where o.id = m.id;
  return json_build_object('kind', 'undone', 'contactId', m."contactId", 'otherContactId', m."mergedContactId",
    'committed', settle_identities()->'committed');
end $$;
