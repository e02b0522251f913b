-- The columns of one message that the caller holds, as "MessageRow" shows them.
create or replace function message_row(m "Message") returns setof "MessageRow" language sql stable as $$
  select r.* from "MessageRow" r where r.id = m.id
$$;
