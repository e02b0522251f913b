-- Applies the identity changes that messages report: `[{phoneNumberId, change}]`, see `change_identity`.
create or replace function apply_identity_changes(changes json) returns void language plpgsql as $$
begin
  perform change_identity(p."organizationId", c.change) from json_to_recordset(changes) c("phoneNumberId" text, change json)
  join "OrganizationPhone" p on p."wabaPhoneNumberId" = c."phoneNumberId";
end $$;
