-- Undoes a merge: each contact has its own ids, chats and messages again. What was learnt or written since stays with the
-- contact that was kept. Returns `no_merge`, `not_open`, or `undone`.
create or replace function undo_merge(organization int, merge int, agent int) returns json language plpgsql set lock_timeout = '2s' as $$
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

  update "ContactIdentity" o set "contactId" = (w->>'contactId')::int, "isCurrent" = (w->>'isCurrent')::bool, "endedAt" = (w->>'endedAt')::timestamptz
  from jsonb_array_elements(m.before->'identities') w where o.id = (w->>'id')::int and o."contactId" = m."contactId"
    -- An id that a change has ended since the merge stays ended.
    and ((w->>'contactId')::int = m."mergedContactId" or (w->>'isCurrent')::bool = o."isCurrent" or o."endedAt" < m."createdAt");
  perform refresh_contact(m."contactId");
  update "Contact" o set "mergedIntoId" = null, phone = n.phone, "userId" = n."userId", "parentUserId" = n.parent, "updatedAt" = now()
  from (select max(i.value) filter (where i.kind = 'phone' and i.value = was.w->>'phone') phone,
      max(i.value) filter (where i.kind = 'userId' and i.value = was.w->>'userId') "userId",
      max(i.value) filter (where i.kind = 'parentUserId' and i.value = was.w->>'parentUserId') parent
    from (select m.before->'merged' w) was left join "ContactIdentity" i on i."contactId" = m."mergedContactId" and i."isCurrent") n
  where o.id = m."mergedContactId";
  update "Contact" o set "mergedIntoId" = m."mergedContactId" from jsonb_array_elements_text(to_jsonb(m.before->'chained')) w where o.id = w::int;
  -- Columns that the kept contact took from the other, and that have not changed since.
  was := m.before->'kept';
  joint := m.before->'combined';
  select * into k from "Contact" o where o.id = m."contactId";
  update "Contact" o set
    name = case when k."namedAt" is not distinct from (joint->>'namedAt')::timestamptz then was->>'name' else k.name end,
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
