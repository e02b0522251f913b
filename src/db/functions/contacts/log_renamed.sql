-- Logs a `chat.updated` in the chats of a contact whose name to show is no longer that of `old`, with the agent who changed it.
create or replace function log_renamed(old "Contact", agent int default null) returns void language plpgsql as $$
begin
  update "Contact" c set "updatedAt" = now()
  where c.id = old.id and (c.name, c."agentName") is distinct from (old.name, old."agentName");
  if found then perform log_contact_chats(old.id, agent); end if;
end $$;
