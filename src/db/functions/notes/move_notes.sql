-- Moves notes to another chat, when their chats are merged or a merge is undone: each gets a new number there. `logs_departure`:
-- whether their old chat logs that they left. Returns their ids. The caller holds the locks of both chats.
create or replace function move_notes(notes int[], target int, agent int, logs_departure bool) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  n "ChatNote";
  departed "ChatNote";
  arrived "IngestedEvent";
begin
  for n in select * from "ChatNote" o where o.id = any(notes) order by o.id loop
    departed := n;
    n."chatId" := target;
    arrived := log_note(n, agent, 'note.created');
    update "ChatNote" o set "chatId" = target, seq = arrived.seq where o.id = n.id;
    if logs_departure then perform log_note(departed, agent, 'note.updated'); end if;
  end loop;
  return notes;
end $$;
