-- Applies a marketing preference: `{phone, userId, category, value, signupId, at}`. It is stored under each id it names, for a contact
-- that may be created later; an existing contact is found by the user id, and by phone only where no user id is known with it.
-- Creates no contact.
create or replace function apply_preference(organization int, preference jsonb) returns void language plpgsql as $$
#variable_conflict use_column
declare
  at timestamptz := (preference->>'at')::timestamptz;
  stopped bool := preference->>'value' = 'stop';
  signup text := preference->>'signupId';
  contact int;
begin
  if preference->>'category' <> 'marketing_messages' or preference->>'value' not in ('stop', 'resume', 'signup') then return; end if;
  perform pg_advisory_xact_lock(marketing_lock(organization));
  insert into "MarketingChoice" as o ("organizationId", kind, value, "isStopped", "saidAt", "signupId")
  select organization, v.kind, v.value, stopped, at, signup
  from (values ('phone', preference->>'phone'), ('userId', preference->>'userId')) v(kind, value) where v.value is not null
  on conflict ("organizationId", kind, value) do update set "isStopped" = excluded."isStopped", "saidAt" = excluded."saidAt",
    "signupId" = excluded."signupId"
  where (excluded."saidAt", excluded."isStopped") > (o."saidAt", o."isStopped");
  contact := (identity_of(organization, 'userId', preference->>'userId'))."contactId";
  if contact is null then
    select c.id into contact from identity_of(organization, 'phone', preference->>'phone') i join "Contact" c on c.id = i."contactId"
    where c."userId" is null or preference->>'userId' is null;
  end if;
  if contact is null or not set_marketing(contact, stopped, at, signup) then return; end if;
  perform log_contact_chats(contact);
end $$;
