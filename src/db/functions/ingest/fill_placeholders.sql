-- The files of an imported history follow the messages that stand for them, under the same wamid: the placeholder becomes
-- what it stood for. Where the file came first there is none, and `ingest` stores it; a placeholder that comes after a
-- file is a redelivery.
create or replace function fill_placeholders(told json) returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
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
