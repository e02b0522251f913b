-- The chat of a business number with the person who has this phone or this user id, of which one is null: what `contact_for`
-- and `chat_for` would find, by one look-up. No row when there is none yet. A set without a SET, so that Postgres inlines it.
create or replace function existing_chat(organization int, organization_phone int, recipient_phone text, recipient_user_id text)
returns setof int language sql stable rows 1 as $$
  select c.id from (
    select o."contactId" from "ContactIdentity" o
    where o."organizationId" = organization and o.value = coalesce(recipient_user_id, recipient_phone)
      and o.kind = any(case when recipient_user_id is null then '{phone,dialled}'::text[] else '{userId}' end)
    order by o.kind desc limit 1) i
  join "Chat" c on c."contactId" = i."contactId" and c."organizationPhoneId" = organization_phone
$$;
