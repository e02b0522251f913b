-- Writes down that a person was seen with this at that time. Seen before a later change, it ended with that change; seen
-- together with something else of the person's after it had ended, it holds again. Another's is taken over.
create or replace function record_identity(organization int, contact int, wanted text, word text, at timestamptz, together bool) returns void language plpgsql as $$
#variable_conflict use_column
declare
  ended timestamptz;
begin
  if word is null then return; end if;
  select min(o."endedAt") into ended from "ContactIdentity" o where o."contactId" = contact and o."endedAt" > at;
  insert into "ContactIdentity" as o ("organizationId", "contactId", kind, value, "isCurrent", "createdAt", "endedAt")
  values (organization, contact, wanted, word, ended is null, at, ended)
  on conflict ("organizationId", kind, value) do update set
    "isCurrent" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then excluded."isCurrent" else o."isCurrent" end,
    "endedAt" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then excluded."endedAt" else o."endedAt" end,
    "createdAt" = case when o."contactId" <> excluded."contactId" or together and o."endedAt" < at then at else least(o."createdAt", at) end,
    "contactId" = excluded."contactId";
end $$;
