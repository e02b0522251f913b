-- A note in the form of `NoteRow` in db/team-rows.ts.
create or replace function note_json(n "ChatNote") returns json language sql stable as $$
  select json_build_object('id', n.id, 'chatId', n."chatId", 'seq', n.seq, 'agentId', n."agentId", 'body', n.body,
    'mentions', n.mentions, 'createdAt', n."createdAt", 'editedAt', n."editedAt", 'deletedAt', n."deletedAt")
$$;
