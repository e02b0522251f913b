-- Indexes messages from before there was a search, from the newest on, at most `row_limit`. Returns whether there may be more.
create or replace function index_earlier_messages(row_limit int) returns bool language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  place int;
begin
  select b."beforeMessageId" into place from "SearchBackfill" b for no key update;
  if coalesce(place, 0) = 0 then return false; end if;
  with earlier as materialized (
    select m.id, m."organizationPhoneId", m."createdAt", m.body, m.amends, m."revokedAt" from "Message" m
    where m.id < place order by m.id desc limit row_limit),
  indexed as (
    insert into "MessageSearch" ("messageId", "createdAt", lexemes)
    select m.id, m."createdAt", search_lexemes(p."organizationId", m."createdAt", m.body)
    from earlier m join "OrganizationPhone" p on p.id = m."organizationPhoneId"
    where is_searchable(m.amends, m."revokedAt", m.body)
    on conflict ("messageId") do nothing)
  select min(e.id) into place from earlier e;
  update "SearchBackfill" set "beforeMessageId" = coalesce(place, 0);
  return place is not null;
end $$;
