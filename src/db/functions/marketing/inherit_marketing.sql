-- Applies a stored marketing preference to a contact that becomes known under its phone or user id.
create or replace function inherit_marketing() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(marketing_lock(new."organizationId"));
  perform set_marketing(new."contactId", m."isStopped", m."saidAt", m."signupId") from "MarketingChoice" m
  where m."organizationId" = new."organizationId" and m.kind = new.kind and m.value = new.value;
  return null;
end $$;
create or replace trigger inherit_marketing after insert on "ContactIdentity" for each row execute function inherit_marketing();
