-- What was committed, in the form that publishing needs; db/committed.ts maps it. `events`: `[chatId, seq, event, isNew,
-- messageId, fromMe]`, by chat and number; `chats`: `[id, organizationId, organizationPhoneId, head, watched, inboxWatched]`.
-- `rows` has the rows to show when a chat or inbox is watched, else null.
create or replace function committed(events "IngestedEvent"[]) returns json language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  logged json;
  chats json;
  is_watched bool;
begin
  if events = '{}' then return '{"events": [], "chats": [], "rows": null}'; end if;
  select json_agg(json_build_array(e."chatId", e.seq, e.event, e."isNew", e."messageId",
      (select m."fromMe" from "Message" m where m.id = e."messageId")) order by e."chatId", e.seq)
  into logged from unnest(events) e;
  select json_agg(json_build_array(c.id, c."organizationId", c."organizationPhoneId", c.head,
      coalesce(c."watchedUntil" > now(), false), coalesce(o."watchedUntil" > now(), false))),
    bool_or(greatest(c."watchedUntil", o."watchedUntil") > now())
  into chats, is_watched
  from "Chat" c join "Organization" o on o.id = c."organizationId"
  where c.id = any(array(select e."chatId" from unnest(events) e));
  return json_build_object('events', logged, 'chats', chats, 'rows', case when is_watched then committed_rows(events) end);
end $$;
