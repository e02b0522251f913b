-- Whether somebody has to read a message, by its columns: it came in, and a person wrote it. WhatsApp's own notices (`system`), such as that
-- a customer changed their number, neither count as unread nor reopen a chat. Inlined, so that an index on these columns is used.
create or replace function counts_as_unread(from_me bool, amends text, is_history bool, message_type text) returns bool
  language sql immutable as $$
  select not from_me and amends is null and not is_history and message_type <> 'system'
$$;
