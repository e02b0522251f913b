-- Edits a note, or deletes it when `body` is null. Returns `changed` with the note, `not_author`, `no_agent` for a mention of nobody,
-- or null when the organization has no such note, or it is deleted.
create or replace function change_note(organization int, note int, agent int, body text, mentions int[]) returns json
  language plpgsql set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  n "ChatNote";
  locked int;
  before int[];
  events "IngestedEvent"[] := '{}';
begin
  select c.id into locked from "Chat" c
    where c.id = (select o."chatId" from "ChatNote" o where o.id = note and o."organizationId" = organization) for no key update;
  select * into n from "ChatNote" o where o.id = note and o."organizationId" = organization and o."deletedAt" is null;
  if n.id is null then return null; end if;
  if n."chatId" <> locked then raise exception 'the note was moved meanwhile' using errcode = '40001'; end if;
  if n."agentId" <> agent then return json_build_object('kind', 'not_author'); end if;
  if exists (select unnest(change_note.mentions) except select a.id from "Agent" a
      where a.id = any(change_note.mentions) and a."organizationId" = organization) then
    return json_build_object('kind', 'no_agent');
  end if;
  if change_note.body is null or (n.body, n.mentions) is distinct from (change_note.body, change_note.mentions) then
    before := n.mentions;
    update "ChatNote" o set body = coalesce(change_note.body, ''), mentions = coalesce(change_note.mentions, '{}'),
      "editedAt" = case when change_note.body is null then o."editedAt" else now() end,
      "deletedAt" = case when change_note.body is null then now() end
    where o.id = note returning * into n;
    if n.mentions <> before then perform mark_mentions(n, before); end if;
    events := array[log_note(n, agent, 'note.updated')];
  end if;
  return json_build_object('kind', 'changed', 'note', note_json(n), 'committed', committed(events));
end $$;
