-- Whether a message is an answer that the team wrote in the phone's own app, by its columns: not one of an agent's, nor a call or a
-- change of who answers. Inlined, so that an index on these columns is used.
create or replace function is_app_answer(from_me bool, agent_id int, is_history bool, amends text, message_type text) returns bool
  language sql immutable as $$
  select from_me and agent_id is null and not is_history and amends is null and message_type not in ('call', 'handover')
$$;
