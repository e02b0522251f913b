-- Indexes a message anew when its text or time has changed, or it is revoked. Statuses, which change a message most often, do not
-- come here.
create or replace function index_changed_message() returns trigger language plpgsql as $$
begin
  delete from "MessageSearch" s where s."messageId" = new.id;
  insert into "MessageSearch" ("messageId", "createdAt", lexemes)
  select new.id, new."createdAt", search_lexemes(p."organizationId", new."createdAt", new.body) from "OrganizationPhone" p
  where p.id = new."organizationPhoneId" and is_searchable(new.amends, new."revokedAt", new.body);
  return null;
end $$;
create or replace trigger index_changed_message after update of body, "createdAt", "revokedAt" on "Message" for each row
  when ((old.body, old."createdAt", old."revokedAt") is distinct from (new.body, new."createdAt", new."revokedAt"))
  execute function index_changed_message();
