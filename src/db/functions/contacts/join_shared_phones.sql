-- Looks again at the user ids of other contacts that were seen with a contact's phones, whose time may be known better now: who is
-- the same person is joined, and a phone that ended before is reassigned (see `phone_relation`). And at the phones that this contact
-- changed to and another has. A conflict that was none is withdrawn. `offset 0`: row by row, for without statistics Postgres would
-- compare all reports with all people.
create or replace function join_shared_phones(contact int) returns void language plpgsql
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record;
  p "ContactIdentity";
  i "Sighting";
begin
  for r in
    select o."organizationId", o.value phone, u.value "userId", u."contactId" other, min(s.at) at
    from "ContactIdentity" o
    cross join lateral (select v."contactId", v.at, v.report->>'userId' "userId" from "IdentityReport" v
      where v.report->>'phone' = o.value and v.report ? 'userId' offset 0) s
    cross join lateral (select v.value, v."contactId" from "ContactIdentity" v
      where v."organizationId" = o."organizationId" and v.kind = 'userId' and v.value = s."userId" and v."contactId" <> contact offset 0) u
    cross join lateral (select from "Contact" c where c.id = s."contactId" and c."organizationId" = o."organizationId" offset 0) c
    where o."contactId" = contact and o.kind = 'phone' group by 1, 2, 3, 4 order by 5, 2, 3
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
    select c."organizationId", o.value phone, s.report->'current'->>'userId' "userId", s.at
    from "Contact" c
    cross join lateral (select v.* from "IdentityReport" v
      where v."contactId" = any(contact || array(select m.id from "Contact" m where m."mergedIntoId" = contact)) and v.report ? 'current' offset 0) s
    cross join lateral (select v.value from "ContactIdentity" v where v."organizationId" = c."organizationId" and v.kind = 'phone'
      and v.value = s.report->'current'->>'phone' and v."contactId" <> contact offset 0) o
    where c.id = contact order by s.at, s.id
  loop
    perform claim_changed_phone(r."organizationId", contact, r.phone, r."userId", r.at);
    perform refresh_contact(contact);
  end loop;
  perform withdraw_ended_conflicts(contact);
end $$;
