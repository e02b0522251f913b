-- Keeps the text that a search finds a contact by, and the name to show: what an agent set, else the business's address book (or the subject of the group), else what the person
-- calls themselves. A name that an operator writes by hand counts as the last.
create or replace function show_name() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and coalesce(new."agentName", new."savedName", new."profileName") is null then new."profileName" := new.name; end if;
  new.name := coalesce(new."agentName", new."savedName", new."profileName");
  new."searchText" := ' ' || fold_text(concat_ws(' ', new."agentName", new."savedName", new."profileName", new.username, new.phone));
  return new;
end $$;
create or replace trigger show_name before insert or update of "agentName", "savedName", "profileName", username, phone on "Contact"
  for each row execute function show_name();
