-- Writes down what became of a file, as one numbered change in each chat that shows it. Null, and nothing is changed, when
-- the file is not in one of the states `expected`, or when somebody else has tried it since it had been tried `held`
-- times. What `change` leaves out stays, except for the problem and the time of the next attempt.
create or replace function settle_media(file int, expected text[], held int, change json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  told "Media" := json_populate_record(null::"Media", change);
  old "Media";
  shown int[] := '{}';
begin
  -- Chats first: whoever numbers changes holds them.
  perform from "Chat" c where c.id in (select m."chatId" from "Message" m where m."mediaId" = file) order by c.id for no key update;
  select * into old from "Media" f where f.id = file for no key update;
  if old.id is null or not old.state = any(expected) or old.attempts <> held then return null; end if;
  update "Media" f set state = told.state, problem = told.problem, attempts = coalesce(told.attempts, f.attempts),
    "nextAttemptAt" = told."nextAttemptAt", "mimeType" = coalesce(told."mimeType", f."mimeType"),
    "sizeBytes" = coalesce(told."sizeBytes", f."sizeBytes"), sha256 = coalesce(told.sha256, f.sha256),
    "objectKey" = coalesce(told."objectKey", f."objectKey"),
    "storedAt" = case when told.state = 'stored' then coalesce(f."storedAt", now()) end
  where f.id = file;
  if (select (f.state, f.problem, f."mimeType", f."sizeBytes") from "Media" f where f.id = file)
    is distinct from (old.state, old.problem, old."mimeType", old."sizeBytes") then
    shown := array(select m.id from "Message" m where m."mediaId" = file and m."revokedAt" is null);
  end if;
  return committed(log_updates(shown));
end $$;
