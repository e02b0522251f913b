-- Stores the messages and statuses of a batch: resolves their numbers, contacts and chats; then, under the locks of all their
-- chats, stores the messages, applies amendments, logs chats with a new name, and stores the statuses. What is already stored
-- changes nothing; its event is returned with its old number, to be published again. Returns `committed`, `files` (numbers
-- with new files), and the positions in the batch of events for numbers that are not connected: `unknownMessages`,
-- `unknownStatuses` (null for none).
create or replace function ingest_chats(messages json, statuses json) returns json language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  places "PlacedMessage"[] := '{}';
  reports "InboundStatus"[] := '{}';
  renamed int[] := '{}';
  files int[];
  events "IngestedEvent"[] := '{}';
  fresh int[];
  has_echo bool;
  is_unplaced bool;
  chats int[];
begin
  if messages is not null then
    places := resolve_messages(messages);
    select bool_or(p."fromMe"), bool_or(p."chatId" is null and p."messageId" is null) into has_echo, is_unplaced
    from unnest(places) p where p."organizationPhoneId" is not null;
  end if;
  if statuses is not null then reports := resolve_statuses(statuses); end if;
  if has_echo or statuses is not null then
    perform lock_wamids(places, reports);
    -- A message may have been stored while we waited.
    reports := match_statuses(reports);
  end if;
  if is_unplaced then places := place_messages(messages, places); end if;
  if messages is not null then renamed := update_names(places); end if;

  -- Holding these locks until commit reserves the next numbers of the chats. Stored messages change and lock nothing.
  perform from "Chat" c where c.id in (
      select p."chatId" from unnest(places) p where p."messageId" is null
      union all select unnest(renamed)
      union all select m."chatId" from unnest(reports) r join "Message" m on m.id = r."messageId"
      -- That of an echo which a tag gives to another message: see `insert_statuses`.
      union all select e."chatId" from unnest(reports) r join "Message" e on e."organizationPhoneId" = r."organizationPhoneId"
        and e.wamid = r.wamid where r."messageId" = r.tagged)
    order by c.id for no key update;

  if messages is not null then
    files := store_files(messages, places);
    events := insert_messages(messages, places, files);
    fresh := array(select e."messageId" from unnest(events) e where e."isNew");
    if fresh <> '{}' then
      events := events || log_updates(amend(fresh));
      if has_echo then perform attach_early_statuses(fresh); end if;
      perform join_known(fresh);
    end if;
  end if;
  if renamed <> '{}' then events := events || log_chats(renamed); end if;
  if statuses is not null then events := events || insert_statuses(match_statuses(reports)); end if;
  return json_build_object('committed', committed(events), 'files', phones_with_files(places, files),
    'unknownMessages', (select json_agg(p.n) from unnest(places) p where p."organizationPhoneId" is null),
    'unknownStatuses', (select json_agg(r.n) from unnest(reports) r where r."organizationPhoneId" is null));
end $$;
