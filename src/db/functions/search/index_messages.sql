-- Keeps "MessageSearch" when messages are stored or deleted; `index_changed_message` does when one changes.
create or replace function index_messages() returns trigger language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if tg_op <> 'INSERT' then
    delete from "MessageSearch" s using old_rows o where s."messageId" = o.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into "MessageSearch" ("messageId", "createdAt", lexemes)
    select m.id, m."createdAt", search_lexemes(p."organizationId", m."createdAt", m.body)
    from new_rows m join "OrganizationPhone" p on p.id = m."organizationPhoneId"
    where is_searchable(m.amends, m."revokedAt", m.body)
    on conflict ("messageId") do nothing;
  end if;
  return null;
end $$;
create or replace trigger index_new_messages after insert on "Message"
  referencing new table as new_rows for each statement execute function index_messages();
create or replace trigger unindex_messages after delete on "Message"
  referencing old table as old_rows for each statement execute function index_messages();
