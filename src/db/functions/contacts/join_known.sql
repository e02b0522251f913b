-- Joins what Meta has reported of messages that were just stored, or whose wamid has just become known: the recipients of their
-- earlier statuses; and whoever answers a message of ours from another chat, by quoting it or reacting to it, is the contact
-- it was sent to.
create or replace function join_known(messages int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  r record;
begin
  for r in
    select s."messageId", s."recipientPhone", s."recipientUserId", s."happenedAt" from "MessageStatus" s
    where s."messageId" = any(messages) and coalesce(s."recipientPhone", s."recipientUserId") is not null order by s."happenedAt", s.id
  loop
    perform join_recipient(r."messageId", r."recipientPhone", r."recipientUserId", r."happenedAt");
    update "MessageStatus" s set "recipientPhone" = null, "recipientUserId" = null where s."messageId" = r."messageId"
      and coalesce(s."recipientPhone", s."recipientUserId") is not null;
  end loop;
  for r in
    select distinct p.number, o.id one, n.id other, c."organizationId" from (
      select a."chatId" answer, t."chatId" original, t."organizationPhoneId" number from "Message" a join "Message" t
        on t."organizationPhoneId" = a."organizationPhoneId" and t.wamid = a."refersTo" and t."fromMe"
      where a.id = any(messages) and not a."fromMe" and a.amends is distinct from 'call' and a."chatId" <> t."chatId"
      union all
      select a."chatId", t."chatId", t."organizationPhoneId" from "Message" t join "Message" a
        on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and not a."fromMe" and a.amends is distinct from 'call'
      where t.id = any(messages) and t."fromMe" and a."chatId" <> t."chatId") p
    join "Chat" c on c.id = p.answer join "Chat" d on d.id = p.original
    join "Contact" o on o.id = c."contactId" and o."groupId" is null join "Contact" n on n.id = d."contactId" and n."groupId" is null
    order by 2, 3
  loop
    perform join_contacts(r."organizationId", r.number, r.one, r.other, now());
  end loop;
end $$;
