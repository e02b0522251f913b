-- Logs a change of a note under the next number of its chat, whose lock the caller holds.
create or replace function log_note(n "ChatNote", agent int, event text) returns "IngestedEvent" language plpgsql as $$
#variable_conflict use_column
declare
  number int;
begin
  update "Chat" c set head = c.head + 1 where c.id = n."chatId" returning c.head into number;
  insert into "ChatEvent" ("chatId", seq, event, "noteId", "agentId") values (n."chatId", number, log_note.event, n.id, agent);
  return row(n."chatId", number, log_note.event, null, true)::"IngestedEvent";
end $$;
