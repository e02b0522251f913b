-- What was committed, for those who publish it (see db/committed.ts): rows only where somebody watches.
create or replace function committed(events "IngestedEvent"[]) returns json language plpgsql stable as $$
#variable_conflict use_column
begin
  return json_build_object(
    'events', (select coalesce(json_agg(json_build_object('chatId', e."chatId", 'seq', e.seq, 'event', e.event, 'isNew', e."isNew",
        'messageId', m.id, 'fromMe', m."fromMe", 'message', case when c."watchedUntil" > now() and m.id is not null then (select to_json(r) from message_row(m) r) end)
        order by e."chatId", e.seq), '[]')
      from unnest(events) e join "Chat" c on c.id = e."chatId" left join "Message" m on m.id = e."messageId"),
    'chats', (select coalesce(json_agg(json_build_object('id', c.id, 'organizationId', c."organizationId",
        'organizationPhoneId', c."organizationPhoneId",
        'phoneNumberId', (select p."wabaPhoneNumberId" from "OrganizationPhone" p where p.id = c."organizationPhoneId"), 'head', c.head,
        'watched', coalesce(c."watchedUntil" > now(), false), 'inboxWatched', coalesce(o."watchedUntil" > now(), false),
        'chat', case when greatest(c."watchedUntil", o."watchedUntil") > now() then (select to_json(r) from chat_row(c) r) end)), '[]')
      from "Chat" c join "Organization" o on o.id = c."organizationId" where c.id in (select e."chatId" from unnest(events) e)));
end $$;
