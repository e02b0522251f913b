-- Indexes stored messages for search. Whoever inserts into "Message" does the same in the statement that inserts: a trigger would cost
-- every stored message three times as much. `index_changed_message` and `unindex_messages` keep the index when messages change and are
-- deleted.
create or replace function index_messages(ids int[]) returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into "MessageSearch" ("messageId", "organizationId", "createdAt", lexemes)
  select m.id, p."organizationId", m."createdAt", search_lexemes(p."organizationId", m."createdAt", m.body)
  from "Message" m join "OrganizationPhone" p on p.id = m."organizationPhoneId"
  where m.id = any(ids) and is_searchable(m.amends, m."revokedAt", m.body)
  on conflict ("messageId") do nothing;
end $$;
