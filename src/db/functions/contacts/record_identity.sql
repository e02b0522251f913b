-- Records that a person was seen with an id at a time. Seen before a later change, it ended with that change; seen together
-- with another current id after it had ended, it is current again. An id of another contact is reassigned.
create or replace function record_identity(organization int, contact int, identity_kind text, identity_value text, at timestamptz, is_together bool) returns void language plpgsql as $$
#variable_conflict use_column
declare
  ended timestamptz;
begin
  if identity_value is null then return; end if;
  select min(o."endedAt") into ended from "ContactIdentity" o where o."contactId" = contact and o."endedAt" > at;
  insert into "ContactIdentity" as o ("organizationId", "contactId", kind, value, "isCurrent", "createdAt", "endedAt")
  values (organization, contact, identity_kind, identity_value, ended is null, at, ended)
  on conflict ("organizationId", kind, value) do update set
    "isCurrent" = case when o."contactId" <> excluded."contactId" or is_together and o."endedAt" < at then excluded."isCurrent" else o."isCurrent" end,
    "endedAt" = case when o."contactId" <> excluded."contactId" or is_together and o."endedAt" < at then excluded."endedAt" else o."endedAt" end,
    "createdAt" = case when o."contactId" <> excluded."contactId" or is_together and o."endedAt" < at then at else least(o."createdAt", at) end,
    "contactId" = excluded."contactId";
end $$;
