-- The rows to show: `messages`, `activities` and `notes` (with `chatId` and `seq`) of chats that are open, `chats` that are open or in an open inbox, each with `phoneNumberId`,
-- Meta's id of the business number. The views have so many tables that Postgres does not look for the best order of a join with
-- others (`join_collapse_limit`), and would make the rows of all chats first: `offset 0` has it make the wanted ones, by their ids.
create or replace function committed_rows(events "IngestedEvent"[]) returns json language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  messages json;
  chats json;
  activities json;
  notes json;
begin
  select json_agg(r.message) into messages
  from (select distinct e."chatId", e."messageId" from unnest(events) e) e join "Chat" c on c.id = e."chatId"
  cross join lateral (select named_message(m) as message from "MessageRow" m where m.id = e."messageId" offset 0) r
  where c."watchedUntil" > now();
  select json_agg(json_build_object('phoneNumberId', p."wabaPhoneNumberId", 'chat', r.chat)) into chats
  from (select distinct e."chatId" from unnest(events) e) e
  join "Chat" c on c.id = e."chatId" join "Organization" o on o.id = c."organizationId"
  join "OrganizationPhone" p on p.id = c."organizationPhoneId"
  cross join lateral (select named_chat(k) as chat from "ChatRow" k where k.id = c.id offset 0) r
  where greatest(c."watchedUntil", o."watchedUntil") > now();
  select json_agg(json_build_object('chatId', e."chatId", 'row', activity_json(l))) into activities
  from unnest(events) e join "Chat" c on c.id = e."chatId" join "ChatEvent" l on l."chatId" = e."chatId" and l.seq = e.seq
  where e.event = 'chat.updated' and l.data ? 'activity' and c."watchedUntil" > now();
  select json_agg(json_build_object('seq', e.seq, 'chatId', e."chatId", 'row', note_json(n))) into notes
  from unnest(events) e join "Chat" c on c.id = e."chatId" join "ChatEvent" l on l."chatId" = e."chatId" and l.seq = e.seq
    join "ChatNote" n on n.id = l."noteId"
  where e.event in ('note.created', 'note.updated') and c."watchedUntil" > now();
  return json_build_object('notes', coalesce(notes, '[]'), 'activities', coalesce(activities, '[]'), 'messages', coalesce(messages, '[]'), 'chats', coalesce(chats, '[]'));
end $$;
