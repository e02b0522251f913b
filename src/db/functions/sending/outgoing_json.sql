-- All that calling Graph for a message takes (db/outgoing.ts, `Outgoing`): whom it goes to, and the number's credentials as they
-- are now. The caller has claimed the message in this transaction.
create or replace function outgoing_json(message int) returns json language plpgsql stable as $$
#variable_conflict use_column
begin
  return (select json_build_object('chatId', o."chatId", 'messageType', o."messageType", 'payload', o.payload, 'replyToWamid', o."refersTo",
      'epoch', (select e.epoch from "Epoch" e), 'phone', k.phone, 'userId', k."userId", 'groupId', k."groupId", 'attempts', o.attempts,
      'hasWritten', c."lastInboundAt" is not null, 'credentials', json_build_object('id', p.id, 'wabaPhoneNumberId', p."wabaPhoneNumberId",
        'wabaApiVersion', p."wabaApiVersion", 'wabaAccessToken', p."wabaAccessToken"))
    from "Message" o join "Chat" c on c.id = o."chatId" join "Contact" k on k.id = c."contactId"
    join "OrganizationPhone" p on p.id = o."organizationPhoneId" where o.id = message);
end $$;
