-- The name to show of a group's member, known by user id or phone, now or formerly; null where none is known.
create or replace function member_name(organization int, phone text, user_id text) returns text language plpgsql stable
  set enable_seqscan = off as $$
declare
  known "ContactIdentity" := identity_of(organization, 'userId', user_id);
begin
  if known.id is null then known := identity_of(organization, 'phone', phone); end if;
  return (select coalesce(m.name, k.name) from "Contact" k left join "Contact" m on m.id = k."mergedIntoId"
    where k.id = known."contactId");
end $$;
