-- `{phone, userId, category, value, at}`. Kept by all it names, for a contact that may come later; the user id says whose it
-- is, and the phone only where no user id is known with it. It makes no contact.
create or replace function apply_preference(organization int, said jsonb) returns void language plpgsql as $$
#variable_conflict use_column
declare
  at timestamptz := (said->>'at')::timestamptz;
  stopped bool := said->>'value' = 'stop';
  contact int;
begin
  if said->>'category' <> 'marketing_messages' or said->>'value' not in ('stop', 'resume', 'signup') then return; end if;
  perform pg_advisory_xact_lock(marketing_lock(organization));
  insert into "MarketingChoice" as o ("organizationId", kind, value, "isStopped", "saidAt")
  select organization, v.kind, v.value, stopped, at
  from (values ('phone', said->>'phone'), ('userId', said->>'userId')) v(kind, value) where v.value is not null
  on conflict ("organizationId", kind, value) do update set "isStopped" = excluded."isStopped", "saidAt" = excluded."saidAt"
  where (excluded."saidAt", excluded."isStopped") > (o."saidAt", o."isStopped");
  select i."contactId" into contact from "ContactIdentity" i where i."organizationId" = organization and i.kind = 'userId' and i.value = said->>'userId';
  if contact is null then
    select i."contactId" into contact from "ContactIdentity" i join "Contact" c on c.id = i."contactId"
    where i."organizationId" = organization and i.kind = 'phone' and i.value = said->>'phone' and (c."userId" is null or said->>'userId' is null);
  end if;
  if contact is null or not set_marketing(contact, stopped, at) then return; end if;
  perform log_contact_chats(contact);
end $$;
