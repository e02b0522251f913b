-- How many messages of a chat are unread after those of a batch, where some may have been answered in the phone's own app, before or in
-- the batch (`answered`: the last time): see `was_answered`. What may be the echo of an agent's message answers nothing: who reads it once
-- too often loses less than who does not see it. `unread`: how many were before. For `places` and `ids` see `advance_chats`.
create or replace function unread_after(chat int, unread int, places "PlacedMessage"[], ids int[], answered timestamptz)
  returns int language plpgsql stable as $$
begin
  unread := unread + (select count(*) from unnest(places) p where p."chatId" = chat and ids[p.n] is not null and not p."fromMe"
    and p.amends is null and not p."isHistory" and (p."opensServiceWindow"
      or (select counts_as_unread(m."fromMe", m.amends, m."isHistory", m."messageType") from "Message" m where m.id = ids[p.n]))
    and not was_answered(chat, p.at));
  return coalesce(unanswered_count(chat, unread, answered), unread);
end $$;
