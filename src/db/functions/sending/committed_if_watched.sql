-- What is to be published of these events of one chat (see `committed`); null when neither the chat nor its organization's
-- inbox is watched, and always null without an event. `chat` was read under its lock, so a client that opens it later reads
-- the events.
create or replace function committed_if_watched(chat "Chat", events "IngestedEvent"[]) returns json language plpgsql stable as $$
#variable_conflict use_column
begin
  if chat."watchedUntil" > now() or exists (
      select from "Organization" o where o.id = chat."organizationId" and o."watchedUntil" > now()) then
    return committed(events);
  end if;
  return null;
end $$;
