-- Records the outcome of fetching a file, as one numbered change in each chat that shows it. Returns null, and changes
-- nothing, when the file is not in one of the states `expected`, or when another attempt was counted
-- since it had `attempted`. What
-- `change` leaves out stays, except for the problem and the time of the next attempt. The object of a file that expires is discarded.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function settle_media(file int, expected text[], attempted int, change json) returns json language plpgsql set lock_timeout = '2s'
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  outcome "Media" := json_populate_record(null::"Media", change);
  old "Media";
  messages int[] := '{}';
begin
  -- Chats first, in the order of every function that numbers changes.
  perform from "Chat" c where c.id in (select m."chatId" from "Message" m where m."mediaId" = file) order by c.id for no key update;
  select * into old from "Media" f where f.id = file for no key update;
  if old.id is null or not old.state = any(expected) or old.attempts <> attempted then return null; end if;
  update "Media" f set state = outcome.state, problem = outcome.problem, attempts = coalesce(outcome.attempts, f.attempts),
    "nextAttemptAt" = outcome."nextAttemptAt", "mimeType" = coalesce(outcome."mimeType", f."mimeType"),
    "sizeBytes" = coalesce(outcome."sizeBytes", f."sizeBytes"), sha256 = coalesce(outcome.sha256, f.sha256),
    "objectKey" = case when outcome.state <> 'expired' then coalesce(outcome."objectKey", f."objectKey") end,
    "storedAt" = case when outcome.state = 'stored' then coalesce(f."storedAt", now()) end
  where f.id = file;
  if outcome.state = 'expired' and old."objectKey" is not null then
    insert into "DiscardedObject" ("objectKey") values (old."objectKey") on conflict do nothing;
  end if;
  if (select (f.state, f.problem, f."mimeType", f."sizeBytes") from "Media" f where f.id = file)
    is distinct from (old.state, old.problem, old."mimeType", old."sizeBytes") then
    -- A file that came with an edit or of a call shows in the message that it amends.
    messages := array(
      select m.id from "Message" m where m."mediaId" = file and m."revokedAt" is null and m.amends is null
      union select t.id from "Message" a join "Message" t on t."organizationPhoneId" = a."organizationPhoneId"
        and t.wamid = a."refersTo" and t."chatId" + 0 = a."chatId" + 0
      where a."mediaId" = file and a.amends = 'call' and t."revokedAt" is null);
  end if;
  return committed(log_updates(messages));
end $$;
