-- The changes that messages tell of, then all that this transaction has found out: see `settle_identities`.
create or replace function tell_identities(changes json) returns json language plpgsql set lock_timeout = '2s' as $$
#variable_conflict use_column
begin
  perform change_identity(p."organizationId", c.change) from json_to_recordset(changes) c("phoneNumberId" text, change json)
  join "OrganizationPhone" p on p."wabaPhoneNumberId" = c."phoneNumberId";
  return settle_identities();
end $$;
