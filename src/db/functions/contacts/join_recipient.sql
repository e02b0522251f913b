-- Records whom Meta reports as the recipient of a message of ours, by phone, by user id or by both: that is the contact of its
-- chat, known so far by what an agent typed. The ids of a contact that has written to us stay: a phone is taken only where Meta has
-- named none, and a user id where there is none; other ids seen together are a sighting like any other.
create or replace function join_recipient(message int, recipient_phone text, recipient_user_id text, at timestamptz) returns void language plpgsql as $$
#variable_conflict use_column
declare
  k "Contact";
  has_written bool;
  i "Sighting";
begin
  select c.* into k from "Message" m join "Chat" h on h.id = m."chatId" join "Contact" c on c.id = h."contactId"
  where m.id = message and m."fromMe" and c."groupId" is null;
  has_written := exists (select from "Chat" h where h."contactId" = k.id and h."lastInboundAt" is not null);
  if k.id is null or coalesce(recipient_phone, recipient_user_id) is null
    or coalesce(recipient_phone = k.phone, recipient_phone is null) and coalesce(recipient_user_id = k."userId", recipient_user_id is null)
      and k."identifiedAt" <= at then return; end if;
  i := row(null, k."organizationId", (select m."organizationPhoneId" from "Message" m where m.id = message), recipient_phone, recipient_user_id,
    null, null, at);
  if recipient_user_id = k."userId" or (recipient_user_id is null or k."userId" is null or not has_written and recipient_phone is null)
    and (recipient_phone is null or recipient_phone = k.phone or not has_written
      or not exists (select from "ContactIdentity" o where o."contactId" = k.id and o.kind = 'phone')) then
    perform contact_for(i, k.id);
  elsif recipient_phone is not null and recipient_user_id is not null then
    perform contact_for(i);
  end if;
end $$;
