-- The chat of a business number with the person who has this phone or this user id, of which one is null: what `contact_for`
-- and `chat_for` would find, by one look-up. Null when there is none yet.
create or replace function existing_chat(organization int, organization_phone int, recipient_phone text, recipient_user_id text) returns int language plpgsql stable as $$
begin
  return (select c.id from identity_of(organization, case when recipient_user_id is null then 'phone' else 'userId' end,
      coalesce(recipient_user_id, recipient_phone)) i
    join "Chat" c on c."organizationPhoneId" = organization_phone and c."contactId" = i."contactId");
end $$;
