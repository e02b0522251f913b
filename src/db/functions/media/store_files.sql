-- Stores the files of new messages, to be fetched. Returns their ids by position in the batch (null for a message without a
-- file); null when no message of the batch has one. Meta's id is valid for 7 days:
-- https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
create or replace function store_files(batch json, places "PlacedMessage"[]) returns int[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  -- Meta's ids, by position in the batch.
  meta_ids text[];
begin
  if not exists (select from unnest(places) p where p."hasFile") then return null; end if;
  with stored as (
    insert into "Media" ("organizationId", "organizationPhoneId", "metaId", "fromMe", "mimeType", "fileName", sha256,
      "nextAttemptAt", "expiresAt")
    select distinct on (places[i.n]."organizationPhoneId", i.media->>'metaId') places[i.n]."organizationId",
      places[i.n]."organizationPhoneId", i.media->>'metaId', places[i.n]."fromMe", i.media->>'mimeType',
      i.media->>'fileName', i.media->>'sha256', now(),
      -- An imported message is old, but Meta created its file just now.
      case when places[i.n]."isHistory" then now() else least(places[i.n].at, now()) end + interval '7 days'
    from rows from (json_to_recordset(batch) as (media json)) with ordinality i(media, n)
    where i.media is not null and places[i.n]."organizationPhoneId" is not null and places[i.n]."messageId" is null
    order by places[i.n]."organizationPhoneId", i.media->>'metaId', i.n
    on conflict do nothing)
  select array_agg(i.media->>'metaId' order by i.n) into meta_ids
  from rows from (json_to_recordset(batch) as (media json)) with ordinality i(media, n);
  return array(
    select (select f.id from "Media" f
      where f."organizationPhoneId" = p."organizationPhoneId" and f."metaId" = meta_ids[p.n])
    from unnest(places) p order by p.n);
end $$;
