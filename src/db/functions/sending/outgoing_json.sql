-- What a call of Graph for a message needs (`Outgoing` in db/outgoing.ts): the recipient, and the current credentials of the
-- number. The caller holds the chat's lock and has claimed the message in this transaction, for attempt number `attempts`.
create or replace function outgoing_json(m "Message", chat "Chat", attempts int) returns json language plpgsql stable as $$
#variable_conflict use_column
begin
  return (select json_build_object('chatId', chat.id, 'messageType', m."messageType", 'payload', m.payload, 'replyToWamid', m."refersTo",
      'epoch', e.epoch, 'phone', k.phone, 'userId', k."userId", 'groupId', k."groupId", 'attempts', attempts,
      'window', case when chat."lastInboundAt" is null then 'unopened'
        when chat."lastInboundAt" + interval '24 hours' <= now() then 'closed' else 'open' end,
      'credentials', json_build_object('id', p.id, 'wabaPhoneNumberId', p."wabaPhoneNumberId", 'wabaApiVersion', p."wabaApiVersion",
        'wabaAccessToken', p."wabaAccessToken", 'connectionType', p."connectionType"))
    from "Contact" k, "OrganizationPhone" p, "Epoch" e where k.id = chat."contactId" and p.id = m."organizationPhoneId");
end $$;
