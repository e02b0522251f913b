-- Sets a contact's columns from its identities: of several current ones the newest by Meta's time, whatever the order of
-- arrival. Returns whether anything changed.
create or replace function refresh_contact(contact int) returns bool language plpgsql as $$
#variable_conflict use_column
begin
  -- A person whose ids have all ended, without known successors, keeps the last known one.
  if not exists (select from "ContactIdentity" o where o."contactId" = contact and o."isCurrent" and o.kind in ('phone', 'userId')) then
    update "ContactIdentity" o set "isCurrent" = true, "endedAt" = null where o.id = (select e.id from "ContactIdentity" e
      where e."contactId" = contact and e.kind in ('phone', 'userId') order by e."endedAt" desc, e."createdAt" desc, e.id desc limit 1);
  end if;
  update "Contact" k set phone = n.phone, "userId" = n."userId", "parentUserId" = n.parent, "updatedAt" = now()
  from (select
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'phone' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) phone,
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'userId' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) "userId",
      (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'parentUserId' and o."isCurrent"
        order by o."createdAt" desc, o.id limit 1) parent
    ) n
  where k.id = contact and (k.phone, k."userId", k."parentUserId") is distinct from (n.phone, n."userId", n.parent);
  return found;
end $$;
