-- Makes an id a contact's. One that was another contact's is reassigned, and that contact is brought up to date.
create or replace function claim_identity(organization int, contact int, identity_kind text, identity_value text, at timestamptz)
  returns void language plpgsql as $$
#variable_conflict use_column
declare
  former "ContactIdentity" := identity_of(organization, identity_kind, identity_value);
begin
  if identity_value is null or former."contactId" = contact then return; end if;
  insert into "ContactIdentity" ("organizationId", "contactId", kind, value, "createdAt")
  values (organization, contact, identity_kind, identity_value, at)
  on conflict ("organizationId", kind, value) do update set "contactId" = excluded."contactId";
  if former.id is not null and former.kind = identity_kind then perform refresh_contact(former."contactId"); end if;
end $$;
