-- How the phone of a sighting relates to the person it was seen with (null: not known yet); `p` is the identity that has the
-- phone. `none`: the sighting has no phone; `free`: no contact has it; `own`: this person has it; `former`: a contact had it
-- before `seen`; `taken`: it belongs to a contact with another user id; `same`: the contact that has it is the same person.
create or replace function phone_relation(i "Sighting", person int, p "ContactIdentity", seen timestamptz) returns text
  language plpgsql stable as $$
begin
  return case
    when i.phone is null then 'none' when p.id is null then 'free' when p."contactId" = person then 'own'
    when i."userId" is null then 'same'
    when not p."isCurrent" and p."endedAt" < seen then 'former'
    when exists (select from "ContactIdentity" o where o."contactId" = p."contactId" and o.kind = 'userId'
      and o.value <> i."userId" and case when p."isCurrent" then o."isCurrent" else o."endedAt" >= seen end) then 'taken'
    else 'same' end;
end $$;
