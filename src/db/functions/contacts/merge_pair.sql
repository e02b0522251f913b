-- Merges two contacts: the older is kept. Returns the id of the merge; null when there is nothing to merge any more.
create or replace function merge_pair(a int, b int, agent int) returns int language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  k "Contact"; l "Contact";
  chat "Chat"; other "Chat";
  before jsonb; changes jsonb := '[]';
  chained int[];
  merge int;
begin
  perform from "Contact" c where c.id in (a, b) order by c.id for update;
  select * into k from "Contact" c where c.id = least(a, b);
  select * into l from "Contact" c where c.id = greatest(a, b);
  if k.id = l.id or k."mergedIntoId" is not null or l."mergedIntoId" is not null then return null; end if;
  perform from "Chat" c where c."contactId" in (k.id, l.id) order by c.id for no key update;
  before := jsonb_build_object('kept', to_jsonb(k), 'merged', to_jsonb(l), 'identities',
    (select coalesce(jsonb_agg(to_jsonb(o)), '[]') from "ContactIdentity" o where o."contactId" in (k.id, l.id)));

  for chat in select * from "Chat" c where c."contactId" = l.id and c."mergedIntoId" is null order by c.id loop
    select * into other from "Chat" c where c."organizationPhoneId" = chat."organizationPhoneId" and c."contactId" = k.id;
    if other.id is null then
      update "Chat" c set "contactId" = k.id where c.id = chat.id;
      changes := changes || jsonb_build_object('chatId', chat.id);
    else
      changes := changes || move_messages(chat, other, agent);
    end if;
  end loop;

  update "Contact" c set "mergedIntoId" = k.id, phone = null, "userId" = null, "parentUserId" = null, "updatedAt" = now() where c.id = l.id;
  with recursive under(id) as (select l.id union select m."mergedContactId" from under u join "ContactMerge" m
      on m."contactId" = u.id and m."undoneAt" is null),
    done as (update "Contact" c set "mergedIntoId" = k.id from under u where c.id = u.id and c."mergedIntoId" = l.id returning c.id)
  select array_agg(id) into chained from done;
  update "ContactIdentity" o set "contactId" = k.id where o."contactId" = l.id;
  perform refresh_contact(k.id);
  if agent is null then
    perform join_shared_phones(k.id);
    perform withdraw_conflicts(k."organizationId", k.id);
  end if;
  update "Contact" c set
    ("profileName", "namedAt") = (select case when n.newer then l."profileName" else k."profileName" end, case when n.newer then l."namedAt" else k."namedAt" end
      from (select is_newer_name(l."namedAt", l."profileName", k."namedAt", k."profileName") newer) n),
    ("savedName", "savedNameAt") = (select case when n.newer then l."savedName" else k."savedName" end, case when n.newer then l."savedNameAt" else k."savedNameAt" end
      from (select is_newer_name(l."savedNameAt", l."savedName", k."savedNameAt", k."savedName") newer) n),
    ("agentName", "agentNameAt") = (select case when n.newer then l."agentName" else k."agentName" end, case when n.newer then l."agentNameAt" else k."agentNameAt" end
      from (select l."agentNameAt" is not null and (k."agentNameAt" is null or l."agentNameAt" > k."agentNameAt") newer) n),
    (username, "usernamedAt") = (select case when n.newer then l.username else k.username end, case when n.newer then l."usernamedAt" else k."usernamedAt" end
      from (select is_newer_name(l."usernamedAt", l.username, k."usernamedAt", k.username) newer) n),
    ("marketingStoppedAt", "marketingSaidAt", "marketingSignupId") = (
      select case when n.newer then l."marketingStoppedAt" else k."marketingStoppedAt" end,
        case when n.newer then l."marketingSaidAt" else k."marketingSaidAt" end,
        case when n.newer then l."marketingSignupId" else k."marketingSignupId" end
      from (select l."marketingSaidAt" is not null and (k."marketingSaidAt" is null or l."marketingSaidAt" > k."marketingSaidAt") newer) n),
    "blockedAt" = coalesce(k."blockedAt", l."blockedAt"), "identityHash" = coalesce(k."identityHash", l."identityHash"), "updatedAt" = now()
  where c.id = k.id;
  perform log_contact_chats(k.id, agent);

  insert into "ContactMerge" ("organizationId", "contactId", "mergedContactId", "agentId", before)
  values (k."organizationId", k.id, l.id, agent, before || jsonb_build_object('chats', changes, 'chained', coalesce(chained, '{}'), 'combined',
    (select to_jsonb(c) from "Contact" c where c.id = k.id))) returning id into merge;
  perform note_identity_outcome('{merged}', jsonb_build_array(jsonb_build_object('mergeId', merge, 'organizationId', k."organizationId",
    'contactId', k.id, 'otherContactId', l.id)));
  return merge;
end $$;
