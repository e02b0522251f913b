-- A message of a group as it is shown: with the names of who wrote and who reacted as they are known now.
create or replace function named_message(r "MessageRow") returns "MessageRow" language plpgsql stable as $$
declare
  organization int;
begin
  if r.id is null then return r; end if;
  select c."organizationId" into organization from "Chat" c where c.id = r."chatId";
  r.content := named_content(organization, r.content);
  r.reactions := named_reactions(organization, r.reactions);
  return r;
end $$;
