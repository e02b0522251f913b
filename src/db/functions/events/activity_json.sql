-- An event of a chat that is an activity, in the form of `ActivityRow` in db/team-rows.ts.
create or replace function activity_json(e "ChatEvent") returns json language sql stable as $$
  select json_build_object('seq', e.seq, 'agentId', e."agentId", 'createdAt', e."createdAt", 'data', e.data)
$$;
