-- Looks again at the user ids of other contacts that were seen with a contact's phones, whose time may be known better now: who is
-- the same person is joined, and a phone that ended before is reassigned (see `phone_relation`). And at the phones that this contact
-- changed to and another has. A conflict that was none is withdrawn.
create or replace function join_shared_phones(contact int) returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record;
  p "ContactIdentity";
  i "Sighting";
begin
  for r in
    select o."organizationId", o.value phone, u.value "userId", u."contactId" other, min(s.at) at
    from "ContactIdentity" o join "IdentityReport" s on s.report->>'phone' = o.value
    join "ContactIdentity" u on u."organizationId" = o."organizationId" and u.kind = 'userId' and u.value = s.report->>'userId'
    join "Contact" c on c.id = s."contactId" and c."organizationId" = o."organizationId"
    where o."contactId" = contact and o.kind = 'phone' and u."contactId" <> contact group by 1, 2, 3, 4 order by 5, 2, 3
  loop
    i := row(null, r."organizationId", null, r.phone, r."userId", null, null, r.at);
    p := identity_of(r."organizationId", 'phone', r.phone);
    case phone_relation(i, r.other, p, r.at)
      when 'same' then perform join_contacts(r."organizationId", null, r.other, p."contactId", r.at);
      when 'former' then
        perform claim_identity(r."organizationId", r.other, 'phone', r.phone, r.at);
        perform refresh_contact(r.other);
      else null;
    end case;
  end loop;
  for r in
    select o."organizationId", o.value phone, s.report->'current'->>'userId' "userId", s.at
    from "IdentityReport" s join "Contact" c on c.id = contact
    join "ContactIdentity" o on o."organizationId" = c."organizationId" and o.kind = 'phone' and o.value = s.report->'current'->>'phone'
    where s."contactId" = any(contact || array(select m.id from "Contact" m where m."mergedIntoId" = contact)) and o."contactId" <> contact
    order by s.at, s.id
  loop
    perform claim_changed_phone(r."organizationId", contact, r.phone, r."userId", r.at);
    perform refresh_contact(contact);
  end loop;
  perform withdraw_ended_conflicts(contact);
end $$;
