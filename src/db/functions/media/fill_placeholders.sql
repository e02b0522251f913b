-- Stores the files of an imported history, which arrive after the placeholder messages with the same wamid: the placeholder
-- gets the file's content. When the file came first there is no placeholder, and `ingest` stores it; a placeholder after its
-- file is a redelivery. Returns `committed` and `files` (numbers with new files); null when no placeholder is filled.
create or replace function fill_placeholders(batch json) returns json language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  -- Without a message id, like new messages: their files are new.
  places "PlacedMessage"[] := array(
    select row(p.n, p."organizationId", case when m.id is not null then p."organizationPhoneId" end, null, m."chatId", null,
      p.wamid, p."fromMe", p.amends, p."opensServiceWindow", p."isHistory", p."hasFile", null, null, p.at)::"PlacedMessage"
    from unnest(resolve_messages(batch)) p
    left join "Message" m on m.id = p."messageId" and m."messageType" = 'media_placeholder' order by p.n);
  files int[];
  filled int[];
begin
  if not exists (select from unnest(places) p where p."chatId" is not null) then return null; end if;
  perform from "Chat" c where c.id in (select p."chatId" from unnest(places) p) order by c.id for no key update;
  files := store_files(batch, places);
  with contents as (
    select distinct on (places[i.n]."organizationPhoneId", places[i.n].wamid) i.*,
      places[i.n]."organizationPhoneId" phone, places[i.n].wamid
    from rows from (json_to_recordset(batch) as ("messageType" text, body text, payload text, content text)) with ordinality
      i("messageType", body, payload, content, n)
    where places[i.n]."organizationPhoneId" is not null
    order by places[i.n]."organizationPhoneId", places[i.n].wamid, i.n),
  done as (
    update "Message" m set "messageType" = i."messageType", body = i.body, payload = i.payload::json,
      content = i.content::json, "mediaId" = files[i.n]
    from contents i where m."organizationPhoneId" = i.phone and m.wamid = i.wamid and m."messageType" = 'media_placeholder'
    returning m.id)
  select coalesce(array_agg(d.id), '{}') into filled from done d;
  -- Revokes and edits of the placeholder apply to the file.
  perform amend(filled);
  return json_build_object('committed', committed(log_updates(filled)), 'files', phones_with_files(places, files));
end $$;
