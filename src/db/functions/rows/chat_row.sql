-- The columns of one chat that the caller holds, as "ChatRow" shows them.
create or replace function chat_row(c "Chat") returns setof "ChatRow" language sql stable as $$
  select r.* from "ChatRow" r where r.id = c.id
$$;
