-- Deletes files that no message shows any more, and discards their objects; one that another file shares stays in the bucket.
create or replace function erase_files(files int[]) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with gone as (
    delete from "Media" f where f.id = any(files) and not exists (select from "Message" m where m."mediaId" = f.id)
    returning f."objectKey")
  insert into "DiscardedObject" ("objectKey") select distinct g."objectKey" from gone g where g."objectKey" is not null
  on conflict do nothing;
end $$;
