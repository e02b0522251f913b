-- Sets the name that an agent gives a contact (null: removes it), with its history, and publishes it to the contact's chats. To
-- repeat it changes nothing. Returns the contact that has it, which may be the one that this was merged into, and what is to be
-- published; null when there is no such contact.
create or replace function name_contact(organization int, contact int, new_name text, agent int, at timestamptz) returns json language plpgsql
  set lock_timeout = '2s' as $$
declare
  old "Contact";
begin
  select * into old from "Contact" c where c.id = contact and c."organizationId" = organization for no key update;
  if old.id is null then return null; end if;
  if old."mergedIntoId" is not null then return name_contact(organization, old."mergedIntoId", new_name, agent, at); end if;
  if old."agentName" is distinct from new_name then
    update "Contact" c set "agentName" = new_name, "agentNameAt" = at where c.id = old.id;
    insert into "ContactName" ("contactId", name, "agentId", "createdAt") values (old.id, new_name, agent, at);
    perform log_renamed(old, agent);
  end if;
  return json_build_object('contactId', old.id, 'committed', coalesce(settle_identities()->'committed', committed('{}')));
end $$;
