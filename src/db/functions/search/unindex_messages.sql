-- Takes deleted messages out of the search.
create or replace function unindex_messages() returns trigger language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  delete from "MessageSearch" s using old_rows o where s."messageId" = o.id;
  return null;
end $$;
create or replace trigger unindex_messages after delete on "Message"
  referencing old table as old_rows for each statement execute function unindex_messages();
