-- The message of ours that a status is about: by Meta's id; or by our own tag while Meta's id of that message is not known yet, and no
-- more than an echo that was faster has it.
-- Two look-ups, never "wamid = … or id = …" in one: on a large table that OR reads all of it.
create or replace function message_of(phone int, wamid text, tagged int) returns int language sql stable as $$
  select coalesce(
    (select m.id from "Message" m where m."organizationPhoneId" = phone and m.wamid = message_of.wamid and m."agentId" is not null),
    (select m.id from "Message" m where m.id = tagged and m."organizationPhoneId" = phone and m.wamid is null and m."fromMe"),
    (select m.id from "Message" m where m."organizationPhoneId" = phone and m.wamid = message_of.wamid and m."fromMe"))
$$;
