-- Indexes messages from before there was a search, or before a migration that changes what is indexed, from the newest on, at most
-- `row_limit`. Returns whether there may be more.
create or replace function index_earlier_messages(row_limit int) returns bool language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  place int;
  earlier int[];
begin
  select b."beforeMessageId" into place from "SearchBackfill" b for no key update;
  if coalesce(place, 0) = 0 then return false; end if;
  earlier := array(select m.id from "Message" m where m.id < place order by m.id desc limit row_limit);
  delete from "MessageSearch" s where s."messageId" = any(earlier);
  perform index_messages(earlier);
  place := (select min(e.id) from unnest(earlier) e(id));
  update "SearchBackfill" set "beforeMessageId" = coalesce(place, 0);
  return place is not null;
end $$;
