-- Links replies to what they reply to, and carries reactions, edits and revokes over to the row they speak of, whichever
-- of the two came first; `fresh` are the messages that were just made, or whose wamid was just told. All is computed from
-- the rows that are there, so every order of arrival ends alike: of two reactions or edits the later by Meta's time holds
-- (ties by wamid), a revoke beats an edit, and only the author of a message edits or revokes it. What a call came to is
-- told like an edit. What Meta refused to send changes nothing. Returns the older messages that changed.
create or replace function amend_rows(fresh int[]) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  linked int[]; changed int[];
begin
  if not exists (select from "Message" m where m.id = any(fresh) and m."refersTo" is not null) and not exists (
    select from "Message" m join "Message" r on r."organizationPhoneId" = m."organizationPhoneId" and r."refersTo" = m.wamid
    where m.id = any(fresh)) then return '{}'; end if;
  with pairs as (
    select r.id reply, t.id original from "Message" r join "Message" t
      on t."organizationPhoneId" = r."organizationPhoneId" and t.wamid = r."refersTo" and t."chatId" = r."chatId"
    where r.id = any(fresh) and r.amends is null
    union
    select r.id, t.id from "Message" t join "Message" r
      on r."organizationPhoneId" = t."organizationPhoneId" and r."refersTo" = t.wamid and r."chatId" = t."chatId"
    where t.id = any(fresh) and r.amends is null),
  done as (update "Message" r set "replyToMessageId" = p.original from pairs p
    where r.id = p.reply and r."replyToMessageId" is null returning r.id)
  select array_agg(id) into linked from done;
  with concerned as (
    select t.id from "Message" a join "Message" t
      on t."organizationPhoneId" = a."organizationPhoneId" and t.wamid = a."refersTo" and t."chatId" = a."chatId"
    where a.id = any(fresh) and a.amends is not null
    union
    select t.id from "Message" t where t.id = any(fresh) and exists (
      select from "Message" a where a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a.amends is not null)),
  targets as (select t.* from concerned join "Message" t using (id)),
  told as (
    select t.id, a."fromMe", a.sender, a.amends, a.emoji, a."newBody", a.content, a."createdAt", a.wamid
    from targets t join "Message" a
      on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" = t."chatId"
    where a.status is distinct from 'failed' and (a.amends in ('reaction', 'call')
      or a."fromMe" = t."fromMe" and (a.sender is null or t.sender is null or a.sender = t.sender))),
  reactions as (
    select id, jsonb_agg(jsonb_build_object('emoji', emoji, 'fromMe', "fromMe", 'sender', sender) order by "fromMe", sender)
      filter (where emoji is not null) reactions
    from (select distinct on (id, "fromMe", sender) id, "fromMe", sender, emoji from told where amends = 'reaction'
          order by id, "fromMe", sender, "createdAt" desc, wamid desc nulls first) r group by id),
  edits as (select distinct on (id) id, amends, "newBody", content, "createdAt" from told where amends in ('edit', 'call')
            order by id, "createdAt" desc, wamid desc),
  revokes as (select id, min("createdAt") "createdAt" from told where amends = 'revoke' group by id),
  now_is as (
    select t.id, coalesce(r.reactions, '[]') reactions, case when e.amends = 'edit' then e."createdAt" end "editedAt",
      v."createdAt" "revokedAt", case when v.id is not null then '[deleted]' else coalesce(e."newBody", t.body) end body,
      coalesce(case when e.amends = 'edit' then e.content->'message' else e.content end, t.content)::text content
    from targets t left join reactions r using (id) left join edits e using (id) left join revokes v using (id)),
  done as (
    update "Message" m set reactions = n.reactions, "editedAt" = n."editedAt", "revokedAt" = n."revokedAt", body = n.body,
      content = n.content::json
    from now_is n where m.id = n.id
      and (m.reactions, m."editedAt", m."revokedAt", m.body, m.content::text)
        is distinct from (n.reactions, n."editedAt", n."revokedAt", n.body, n.content)
    returning m.id)
  select array_agg(id) into changed from done;
  return array(select unnest(linked || changed) except select unnest(fresh));
end $$;
