-- A message as it is shown: one of a group with the names of who wrote and who reacted as they are known now, any other as it is.
create or replace function named_message(r "MessageRow") returns "MessageRow" language plpgsql stable as $$
declare
  organization int;
begin
  select c."organizationId" into organization from "Chat" c where c.id = r."chatId" and is_group(c);
  if organization is null then return r; end if;
  r.content := named_content(organization, r.content);
  r.reactions := named_reactions(organization, r.reactions);
  return r;
end $$;
