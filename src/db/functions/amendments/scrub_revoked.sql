-- Removes the text of deleted messages from wherever it is: the revoked ones among `targets` and all edits and echoes of them; the edits in
-- `fresh`, or that a revoke in `fresh` is about, also while their message is not known; the words for the search; and what undoing
-- a merge would restore. That is for good: such a message stays deleted. An edit keeps its time.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function scrub_revoked(targets int[], fresh int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  gone int[] := array(
    select m.id from "Message" m where m.id = any(targets) and m."revokedAt" is not null
    union
    select e.id from (
      select t."organizationPhoneId" phone, t."chatId", t.wamid from "Message" t where t.id = any(targets)
      union select a."organizationPhoneId", a."chatId", a."refersTo" from "Message" a
      where a.id = any(fresh) and a.amends in ('edit', 'revoke')) t
    join "Message" r on r."refersTo" = t.wamid and r."organizationPhoneId" = t.phone and r."chatId" + 0 = t."chatId" + 0 and r.amends = 'revoke'
      and r.status is distinct from 'failed'
    join "Message" e on e."refersTo" = t.wamid and e."organizationPhoneId" = t.phone and e."chatId" + 0 = t."chatId" + 0 and e.amends in ('edit', 'echo')
      and e."fromMe" = r."fromMe" and (e.sender is null or r.sender is null or e.sender = r.sender));
begin
  if gone = '{}' then return; end if;
  update "Message" m set body = '[deleted]', "newBody" = case when m."newBody" is not null then '[deleted]' end, content = null, payload = '{}'
  where m.id = any(gone) and (m.content is not null or m.payload::text <> '{}');
  update "ContactMerge" g set before = jsonb_set(g.before, '{chats}', (
    select jsonb_agg(case when c ? 'changed' then c || jsonb_build_object('changed', (
        select coalesce(jsonb_agg(case when (w->>'id')::int = any(gone) then w || scrubbed_json() else w end), '[]')
        from jsonb_array_elements(c->'changed') w)) else c end)
    from jsonb_array_elements(g.before->'chats') c))
  where g.id in (select g.id from "Message" m join "Chat" c on c.id = m."chatId" cross join lateral (
      select g.id from "ContactMerge" g where g."contactId" = c."contactId"
      union all select g.id from "ContactMerge" g where g."mergedContactId" = c."contactId") g where m.id = any(gone))
    and g.before->'chats' <> '[]';
end $$;
