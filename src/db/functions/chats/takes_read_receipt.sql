-- Whether Meta takes a read receipt for a message, by its columns: the customer wrote it, here and since the number was connected. WhatsApp's
-- own notices, calls, voicemails and handovers have no id that it takes. Inlined, so that an index on these columns is used.
create or replace function takes_read_receipt(from_me bool, amends text, is_history bool, message_type text, wamid text) returns bool
  language sql immutable as $$
  select not from_me and amends is null and not is_history and message_type not in ('system', 'call', 'handover')
    and wamid is not null and wamid not like 'wacid.%'
$$;
