-- Applies reactions, edits, revokes and call reports to the messages they refer to, and links replies, whichever of the two
-- came first. `fresh`: messages that were just stored, or whose wamid has just become known. Everything is computed from the
-- stored rows, so every order of arrival ends alike. A call changes by each new file of it. Returns the ids of the older messages that changed. The caller holds the
-- chats' locks.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function amend(fresh int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  targets int[];
  kinds text[];
  changed int[];
begin
  -- No EXISTS inside: behind an "or" Postgres would compute it for every message of the table.
  if not exists (
    select from "Message" m where m.id = any(fresh) and coalesce(m."refersTo", (
      select r."refersTo" from "Message" r
      where r."refersTo" = m.wamid and r."organizationPhoneId" = m."organizationPhoneId" limit 1)) is not null) then
    return '{}';
  end if;
  changed := link_replies(fresh);
  select array_agg(distinct t.id), array_agg(distinct t.kind) into targets, kinds from (
    select t.id, a.amends kind from "Message" a join "Message" t
      on t."organizationPhoneId" = a."organizationPhoneId" and t.wamid = a."refersTo" and t."chatId" + 0 = a."chatId" + 0
    where a.id = any(fresh) and a.amends is not null
    union all
    select t.id, a.amends from "Message" t join "Message" a
      on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" + 0 = t."chatId" + 0
    where t.id = any(fresh) and a.amends is not null) t;
  changed := changed || array(select t.id from "Message" a join "Message" t
    on t."organizationPhoneId" = a."organizationPhoneId" and t.wamid = a."refersTo" and t."chatId" + 0 = a."chatId" + 0
    where a.id = any(fresh) and a.amends = 'call' and a."mediaId" is not null);
  if 'call' = any(kinds) then changed := changed || date_calls(targets); end if;
  if 'reaction' = any(kinds) then changed := changed || apply_reactions(targets); end if;
  if kinds && '{edit,call}' then changed := changed || apply_edits(targets); end if;
  if 'revoke' = any(kinds) then changed := changed || apply_revokes(targets); end if;
  if kinds && '{edit,revoke}' or exists (
    select from "Message" m where m.id = any(fresh) and m.amends in ('edit', 'revoke')) then
    perform scrub_revoked(targets, fresh);
  end if;
  return array(select unnest(changed) except select unnest(fresh));
end $$;
