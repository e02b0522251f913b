create or replace function know_marketing() returns trigger language plpgsql as $$
begin
  perform meet_marketing(new."organizationId", new.kind, new.value);
  perform set_marketing(new."contactId", m."isStopped", m."saidAt") from "MarketingChoice" m
  where m."organizationId" = new."organizationId" and m.kind = new.kind and m.value = new.value;
  return null;
end $$;
create or replace trigger know_marketing after insert on "ContactIdentity" for each row execute function know_marketing();
