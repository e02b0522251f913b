-- Adds a note to a chat, under its next number. Returns `added` with the note (also the earlier one of the same idempotency key),
-- `key_reused` when that one says something else, `no_agent` for a mention of nobody, or null when there is no such chat.
create or replace function add_note(organization int, chat int, agent int, body text, mentions int[], key text) returns json
  language plpgsql set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  c "Chat";
  n "ChatNote";
begin
  select * into c from "Chat" o where o.id = coalesce((select m."mergedIntoId" from "Chat" m where m.id = chat), chat)
    and o."organizationId" = organization for no key update of o;
  if c.id is null then return null; end if;
  select * into n from "ChatNote" o where o."agentId" = agent and o."idempotencyKey" = key;
  if n.id is not null then
    if n."chatId" <> c.id or n.body <> add_note.body then return json_build_object('kind', 'key_reused'); end if;
    return json_build_object('kind', 'added', 'note', note_json(n), 'committed', committed('{}'));
  end if;
  if exists (select unnest(add_note.mentions) except select a.id from "Agent" a
      where a.id = any(add_note.mentions) and a."organizationId" = organization) then
    return json_build_object('kind', 'no_agent');
  end if;
  insert into "ChatNote" ("organizationId", "chatId", "agentId", seq, body, mentions, "idempotencyKey", "createdAt")
  values (organization, c.id, agent, c.head + 1, add_note.body, add_note.mentions, key, now()) returning * into n;
  if cardinality(n.mentions) > 0 then perform mark_mentions(n, '{}'); end if;
  return json_build_object('kind', 'added', 'note', note_json(n), 'committed', committed(array[log_note(n, agent, 'note.created')]));
end $$;
