-- How the phone of a sighting relates to the person it was seen with (null: not known yet); `p` is the identity that has the
-- phone. `none`: the sighting has no phone; `free`: no contact has it; `own`: this person has it; `former`: a contact had it
-- before `seen`; `taken`: it belongs to a contact with another user id; `same`: the contact that has it is the same person.
create or replace function phone_relation(i "Sighting", person int, p "ContactIdentity", seen timestamptz) returns text
  language plpgsql stable as $$
declare
  user_id text := i."userId";
  family int[];
  -- When the contact's time with the phone ended, at the latest; it may have the phone again.
  ended timestamptz;
  -- Whether the contact had changed to the phone before, and not left it yet: then a user id is another's only if it was there already.
  is_held bool;
begin
  if p."contactId" <> coalesce(person, 0) and i."userId" is not null then
    family := p."contactId" || array(select c.id from "Contact" c where c."mergedIntoId" = p."contactId");
    -- Who had it before and changes to it must have left it in between.
    select coalesce(min(r.at), case when not p."isCurrent" then p."endedAt" end) into ended from "IdentityReport" r
    where r."contactId" = any(family) and r.at >= seen and r.report->'current' ? 'phone' and r.report->'previous' ? 'phone' and (
      r.report->'previous'->>'phone' = i.phone or r.report->'current'->>'phone' = i.phone and exists (select from "IdentityReport" b
        where b."contactId" = any(family) and b.at < seen and i.phone in (b.report->>'phone', b.report->'current'->>'phone')));
    is_held := exists (select from "IdentityReport" r
      where r."contactId" = any(family) and r.at <= seen and r.report->'current'->>'phone' = i.phone and not exists (select from "IdentityReport" l
        where l."contactId" = any(family) and l.at > r.at and l.at < seen and l.report->'current' ? 'phone' and l.report->'previous'->>'phone' = i.phone));
  end if;
  if user_id is null and person is not null then select k."userId" into user_id from "Contact" k where k.id = person; end if;
  return case
    when i.phone is null then 'none' when p.id is null then 'free' when p."contactId" = person then 'own'
    when i."userId" is null and person is null then 'same'
    when not p."isCurrent" and p."endedAt" < seen then 'former'
    when exists (select from "ContactIdentity" o where o."contactId" = p."contactId" and o.kind = 'userId'
      and o.value <> user_id and case when is_held then o."createdAt" <= seen and coalesce(o."endedAt", 'infinity') >= seen
        when ended is not null then o."endedAt" >= seen and o."createdAt" < ended else o."isCurrent" end) then 'taken'
    else 'same' end;
end $$;
