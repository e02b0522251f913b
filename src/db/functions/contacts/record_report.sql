-- Records what was reported of a contact's ids, once, with its earliest time: see the table "IdentityReport". Returns whether
-- that is new, or earlier than before. `seen` has a field per id; null ones are left out.
create or replace function record_report(contact int, seen jsonb, seen_at timestamptz) returns bool language plpgsql as $$
begin
  insert into "IdentityReport" as i ("contactId", report, at) values (contact, jsonb_strip_nulls(seen), seen_at)
  on conflict ("contactId", report) do update set at = excluded.at where i.at > excluded.at;
  return found;
end $$;
