-- What a call of Graph needs besides the message's own content (`Outgoing` in db/outgoing.ts), with the phone's current
-- credentials. `refers_to` is the wamid that the message replies to, and `attempts` includes this one.
create or replace function outgoing_json(chat "Chat", organization_phone int, refers_to text, attempts int) returns json language plpgsql stable as $$
begin
  return (select json_build_object('organizationId', chat."organizationId", 'chatId', chat.id, 'replyToWamid', refers_to, 'epoch', e.epoch,
      'phone', k.phone, 'userId', k."userId", 'groupId', k."groupId", 'attempts', attempts,
      'window', case when chat."lastInboundAt" is null then 'unopened'
        when chat."lastInboundAt" + interval '24 hours' <= now() then 'closed' else 'open' end,
      'credentials', json_build_object('id', p.id, 'wabaPhoneNumberId', p."wabaPhoneNumberId",
        'wabaApiVersion', p."wabaApiVersion", 'wabaAccessToken', p."wabaAccessToken", 'connectionType', p."connectionType"))
    from "Contact" k, "OrganizationPhone" p, "Epoch" e where k.id = chat."contactId" and p.id = organization_phone);
end $$;
