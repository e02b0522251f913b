-- Writes down the files of messages not seen before, to be fetched; gives each message the id of its file. Meta's id holds
-- for 7 days: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
create or replace function files_of(items "IngestItem"[]) returns "IngestItem"[] language plpgsql as $$
#variable_conflict use_column
begin
  if not exists (select from unnest(items) i where i.media is not null) then return items; end if;
  insert into "Media" ("organizationId", "organizationPhoneId", "metaId", "fromMe", "mimeType", "fileName", sha256, "nextAttemptAt", "expiresAt")
  select distinct on (i."organizationPhoneId", i.media->>'metaId') i."organizationId", i."organizationPhoneId", i.media->>'metaId', i."fromMe",
    i.media->>'mimeType', i.media->>'fileName', i.media->>'sha256', now(),
    -- What is imported is old, and its file was made for us just now.
    case when i."isHistory" then now() else least(i.at, now()) end + interval '7 days'
  from unnest(items) i where i.media is not null and i."organizationPhoneId" is not null and i."messageId" is null
  order by i."organizationPhoneId", i.media->>'metaId', i.pos
  on conflict do nothing;
  for n in 1..cardinality(items) loop
    continue when items[n].media is null;
    items[n]."mediaId" := (select f.id from "Media" f
      where f."organizationPhoneId" = items[n]."organizationPhoneId" and f."metaId" = items[n].media->>'metaId');
  end loop;
  return items;
end $$;
