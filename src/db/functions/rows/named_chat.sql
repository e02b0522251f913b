-- A chat's row as it is shown: in a group's, the newest message has the names as they are known now (`named_message`).
create or replace function named_chat(r "ChatRow") returns "ChatRow" language plpgsql stable as $$
begin
  if r."contactGroupId" is null or r.last_id is null then return r; end if;
  r.last_content := named_content(r."organizationId", r.last_content);
  r.last_reactions := named_reactions(r."organizationId", r.last_reactions);
  return r;
end $$;
