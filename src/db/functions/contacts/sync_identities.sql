-- Keeps "ContactIdentity" in step with every write of a contact, also one by hand. An id that used to be another contact's is
-- reassigned; a number that an agent dialled is one already.
create or replace function sync_identities() returns trigger language plpgsql as $$
begin
  insert into "ContactIdentity" as o ("organizationId", "contactId", kind, value)
  select new."organizationId", new.id, v.kind, v.value
  from (values ('phone', new.phone), ('userId', new."userId"), ('parentUserId', new."parentUserId")) v(kind, value) where v.value is not null
    and not exists (select from "ContactIdentity" d where d."contactId" = new.id and d.kind = 'dialled' and v.kind = 'phone' and d.value = v.value)
  on conflict ("organizationId", kind, value) do update set "contactId" = excluded."contactId", "isCurrent" = true, "endedAt" = null,
    "createdAt" = excluded."createdAt" where not o."isCurrent";
  return null;
end $$;
create or replace trigger sync_identities after insert or update of phone, "userId", "parentUserId" on "Contact"
  for each row execute function sync_identities();
