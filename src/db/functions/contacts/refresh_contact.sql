-- Brings a contact's identities and columns up to date with what was reported of the person (`identity_spans`): the columns have
-- the newest current ids that the contact owns, and a dialled number while Meta names none. Returns whether a column changed.
create or replace function refresh_contact(contact int) returns bool language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  spans "IdentitySpan"[] := identity_spans(contact);
  k "Contact";
  evident timestamptz;
begin
  -- A person whose ids have all ended, without known successors, keeps the last known one.
  if not exists (select from unnest(spans) s where s.kind in ('phone', 'userId') and s."endedAt" is null) then
    spans := array(select row(s.kind, s.value, s."createdAt", case when s.n <> (select l.n from unnest(spans) with ordinality
          l(kind, value, "createdAt", "endedAt", i, d, w, n) where l.kind in ('phone', 'userId') order by l."endedAt" desc, l."createdAt" desc, l.kind, l.value limit 1)
        then s."endedAt" end, s.i, s.d, s.w)::"IdentitySpan"
      from unnest(spans) with ordinality s(kind, value, "createdAt", "endedAt", i, d, w, n));
  end if;
  update "ContactIdentity" o set kind = n.kind, "isCurrent" = n."endedAt" is null, "createdAt" = n."createdAt", "endedAt" = n."endedAt"
  from (select case when s."isDialled" then 'dialled' else s.kind end kind, s.value, s."createdAt", s."endedAt" from unnest(spans) s) n
  where o."contactId" = contact and o.value = n.value and (o.kind = n.kind or 'dialled' in (o.kind, n.kind) and 'phone' in (o.kind, n.kind))
    and not exists (select from "ContactIdentity" x where x."organizationId" = o."organizationId" and x.kind = n.kind and x.value = n.value and x.id <> o.id)
    and (o.kind, o."isCurrent", o."createdAt", o."endedAt") is distinct from (n.kind, n."endedAt" is null, n."createdAt", n."endedAt");
  select * into k from "Contact" c where c.id = contact;
  k.phone := (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind in ('phone', 'dialled') and o."isCurrent"
    order by o.kind desc, o."createdAt" desc, o.value limit 1);
  k."userId" := (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'userId' and o."isCurrent"
    order by o."createdAt" desc, o.value limit 1);
  k."parentUserId" := (select o.value from "ContactIdentity" o where o."contactId" = contact and o.kind = 'parentUserId' and o."isCurrent"
    order by o."createdAt" desc, o.value limit 1);
  evident := case when k.phone is null or k."userId" is null then '-infinity' else (
    select min(i.at) from "IdentityReport" i where i."contactId" = any(contact || array(select c.id from "Contact" c where c."mergedIntoId" = contact))
      and jsonb_build_object('phone', k.phone, 'userId', k."userId") <@ coalesce(i.report->'current', i.report)) end;
  k."identifiedAt" := greatest(coalesce(evident, 'infinity'), (select max(case when o.kind = 'dialled' then 'infinity' else o."createdAt" end)
    from "ContactIdentity" o where o."contactId" = contact and (o.value in (k.phone, k."userId", k."parentUserId"))));
  update "Contact" c set "identifiedAt" = k."identifiedAt" where c.id = contact and c."identifiedAt" <> k."identifiedAt";
  update "Contact" c set phone = k.phone, "userId" = k."userId", "parentUserId" = k."parentUserId", "updatedAt" = now()
  where c.id = contact and (c.phone, c."userId", c."parentUserId") is distinct from (k.phone, k."userId", k."parentUserId");
  return found;
end $$;
