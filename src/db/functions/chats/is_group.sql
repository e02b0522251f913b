-- Whether a chat is a group's.
create or replace function is_group(chat "Chat") returns bool language sql stable as $$
  select k."groupId" is not null from "Contact" k where k.id = chat."contactId"
$$;
