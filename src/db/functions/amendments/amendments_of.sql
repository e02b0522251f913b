-- The rows that amend the given messages, with the message each applies to. Only its author edits or revokes a message; anyone
-- in the chat may react. What Meta refused to send amends nothing.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function amendments_of(targets int[]) returns table (target int, amendment "Message") language sql stable as $$
  select t.id, a from "Message" t join "Message" a
    on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" + 0 = t."chatId" + 0
  where t.id = any(targets) and a.amends is not null and a.status is distinct from 'failed'
    and (a.amends in ('reaction', 'call')
      or a."fromMe" = t."fromMe" and (a.sender is null or t.sender is null or a.sender = t.sender))
$$;
