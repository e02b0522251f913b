-- Stores one batch of inbound events in the caller's transaction; db/ingest.ts describes the input. A null part is skipped.
-- Returns one field per step, null when the step was skipped: `filled` (see `fill_placeholders`), `stored` (see
-- `ingest_chats`), `notices` (see `store_notices`) and `settled` (see `settle_identities`); and `keptMessages` and `keptStatuses`,
-- where items of an erased person were left out (see `kept_items`): positions in `stored` are among those that were kept.
-- `is_single`: the batch has one message; to count them here would parse them once more. `waba.lock_timeout`, where it is set, shortens the wait for a lock.
-- READ COMMITTED, and separate statements: what is read after a lock must include what its last holder committed.
create or replace function ingest(messages json, statuses json, placeholders json, names json, people json, notices json,
  changes json, is_single bool) returns json language plpgsql set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  filled json;
  stored json;
  fresh_notices json;
  settled json;
  kept_messages int[];
  kept_statuses int[];
begin
  if coalesce(current_setting('waba.lock_timeout', true), '') <> '' then
    perform set_config('lock_timeout', current_setting('waba.lock_timeout'), true);
  end if;
  if exists (select from "Erasure") then
    kept_messages := kept_items(messages);
    kept_statuses := kept_items(statuses);
    messages := pick_items(messages, kept_messages);
    statuses := pick_items(statuses, kept_statuses);
    placeholders := pick_items(placeholders, kept_items(placeholders));
    names := pick_items(names, kept_items(names));
    people := pick_items(people, kept_items(people));
    changes := pick_items(changes, kept_items(changes));
  end if;
  if placeholders is not null then filled := fill_placeholders(placeholders); end if;
  if names is not null then perform apply_contact_names(names); end if;
  if people is not null then perform record_sightings(people); end if;
  if is_single and statuses is null and messages is not null then stored := ingest_plain_message(messages); end if;
  if stored is null and coalesce(messages, statuses) is not null then stored := ingest_chats(messages, statuses); end if;
  if statuses is not null then perform join_recipients(statuses); end if;
  if notices is not null then fresh_notices := store_notices(notices); end if;
  if changes is not null then perform apply_identity_changes(changes); end if;
  if coalesce(current_setting('waba.identities', true), '') <> '' then settled := settle_identities(); end if;
  return json_build_object('filled', filled, 'stored', stored, 'notices', fresh_notices, 'settled', settled,
    'keptMessages', kept_messages, 'keptStatuses', kept_statuses);
end $$;
