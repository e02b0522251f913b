-- Adds a notice for the admins, once: two contacts have used one phone number, and by what Meta reports they are not one
-- person.
create or replace function report_conflict(organization int, phone int, a int, b int, at timestamptz) returns void language plpgsql as $$
#variable_conflict use_column
declare
  notice_hash text := encode(sha256(convert_to(concat_ws(' ', 'identity_conflict', least(a, b), greatest(a, b)), 'UTF8')), 'hex');
begin
  if exists (select from "Notice" n where n."organizationId" = organization and n.hash = notice_hash) then return; end if;
  insert into "Notice" ("organizationId", "organizationPhoneId", kind, severity, title, detail, hash, "happenedAt")
  values (organization, phone, 'identity_conflict', 'warning', 'Two contacts have used one phone number: are they one person?',
    jsonb_build_object('contactIds', jsonb_build_array(least(a, b), greatest(a, b))), notice_hash, at)
  on conflict do nothing;
  if found then
    perform note_identity_outcome('{conflicts}', jsonb_build_array(jsonb_build_object('organizationId', organization,
      'contactId', least(a, b), 'otherContactId', greatest(a, b))));
  end if;
end $$;
