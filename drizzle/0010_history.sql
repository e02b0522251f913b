-- What Meta tells of one call comes in several tellings and in any order: each is a row that amends the call's own, which
-- began when the first of them says.
alter function amend(int[]) rename to amend_rows
--> statement-breakpoint
create function amend(fresh int[]) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  moved int[]; chats int[];
begin
  if exists (select from "Message" m where m.id = any(fresh) and m.amends = 'call') then
    with began as (
      select t.id, min(a."createdAt") at from "Message" w
      join "Message" t on t."organizationPhoneId" = w."organizationPhoneId" and t.wamid = w."refersTo" and t."chatId" = w."chatId"
      join "Message" a on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" = t."chatId"
      where w.id = any(fresh) and w.amends = 'call' and a.amends = 'call' group by t.id),
    done as (update "Message" m set "createdAt" = b.at from began b where m.id = b.id and m."createdAt" <> b.at returning m.id, m."chatId")
    select array_agg(id), array_agg(distinct "chatId") into moved, chats from done;
    if moved is not null then perform refresh_preview(chats); end if;
  end if;
  return array(select unnest(moved || amend_rows(fresh)) except select unnest(fresh));
end $$;
--> statement-breakpoint
-- The files of an imported history follow the messages that stand for them, under the same wamid: the placeholder becomes
-- what it stood for. Where the file came first there is none, and `ingest` stores it; a placeholder that comes after a
-- file is a redelivery.
create function fill_placeholders(told json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  items "IngestItem"[] := array(select i from json_populate_recordset(null::"IngestItem", told) i);
  filled int[];
  met record;
begin
  if cardinality(items) = 0 then return null; end if;
  for n in 1..cardinality(items) loop
    select p."organizationId" organization, p.id phone, m."chatId" chat into met
    from "OrganizationPhone" p join "Message" m on m."organizationPhoneId" = p.id
    where p."wabaPhoneNumberId" = items[n]."phoneNumberId" and m.wamid = items[n].wamid and m."messageType" = 'media_placeholder';
    items[n]."organizationId" := met.organization;
    items[n]."organizationPhoneId" := met.phone;
    items[n]."chatId" := met.chat;
  end loop;
  items := array(select i from unnest(items) i where i."chatId" is not null);
  if cardinality(items) = 0 then return null; end if;
  perform from "Chat" c where c.id in (select i."chatId" from unnest(items) i) order by c.id for no key update;
  items := files_of(items);
  with told as (select distinct on (i."organizationPhoneId", i.wamid) i.* from unnest(items) i order by i."organizationPhoneId", i.wamid, i.pos),
  done as (update "Message" m set "messageType" = t."messageType", body = t.body, payload = t.payload::json, content = t.content::json,
      "mediaId" = t."mediaId"
    from told t where m."organizationPhoneId" = t."organizationPhoneId" and m.wamid = t.wamid and m."messageType" = 'media_placeholder'
    returning m.id)
  select coalesce(array_agg(id), '{}') into filled from done;
  -- What was revoked or edited meanwhile stays so.
  perform amend(filled);
  return json_build_object('committed', committed(log_updates(filled)),
    'files', (select coalesce(json_agg(distinct i."organizationPhoneId"), '[]') from unnest(items) i where i."mediaId" is not null));
end $$;
--> statement-breakpoint
-- What people are called in our own address book, and groups by their subject. What a person says of himself wins whatever
-- its age, so the word of the address book counts as a thousand years older. Chats that show a new name say so, by
-- `settle_identities`.
create function learn_names(names json) returns void language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  i "IngestItem";
  old "Contact";
  told timestamptz;
  shown int[];
begin
  for i in select * from json_populate_recordset(null::"IngestItem", names) n order by n."phoneNumberId", n.phone, n."userId", n."groupId", n.at loop
    select p."organizationId", p.id into i."organizationId", i."organizationPhoneId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = i."phoneNumberId";
    continue when not found;
    told := i.at - case when i."groupId" is null then interval '1000 years' else interval '0' end;
    i."contactId" := contact_for(i);
    select * into old from "Contact" c where c.id = i."contactId" for no key update;
    continue when (old."namedAt", old.name) >= (told, i.name);
    update "Contact" c set name = i.name, "namedAt" = told, "updatedAt" = now() where c.id = old.id;
    continue when old.name = i.name;
    perform from "Chat" c where c."contactId" = old.id order by c.id for no key update;
    shown := array(select c.id from "Chat" c where c."contactId" = old.id and c."mergedIntoId" is null);
    perform log_chats(shown);
  end loop;
end $$;
