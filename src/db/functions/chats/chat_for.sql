-- The id of the chat between a business number and a contact; created when there is none.
create or replace function chat_for(organization int, phone int, contact int) returns int language plpgsql as $$
#variable_conflict use_column
declare
  chat int;
begin
  loop
    select id into chat from "Chat" c where c."organizationPhoneId" = phone and c."contactId" = contact;
    if chat is not null then return chat; end if;
    insert into "Chat" ("organizationId", "organizationPhoneId", "contactId") values (organization, phone, contact)
    on conflict do nothing returning id into chat;
    if chat is not null then return chat; end if;
  end loop;
end $$;
