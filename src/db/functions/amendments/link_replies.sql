-- Sets on replies the id of the message they reply to, whichever of the two is in `fresh`. Returns the ids of the replies.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function link_replies(fresh int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  linked int[];
begin
  with pairs as (
    select r.id reply, t.id original from "Message" r join "Message" t
      on t."organizationPhoneId" = r."organizationPhoneId" and t.wamid = r."refersTo" and t."chatId" + 0 = r."chatId" + 0
    where r.id = any(fresh) and r.amends is null and r."replyToMessageId" is null
    union
    select r.id, t.id from "Message" t join "Message" r
      on r."organizationPhoneId" = t."organizationPhoneId" and r."refersTo" = t.wamid and r."chatId" + 0 = t."chatId" + 0
    where t.id = any(fresh) and r.amends is null and r."replyToMessageId" is null),
  done as (
    update "Message" m set "replyToMessageId" = p.original from pairs p where m.id = p.reply returning m.id)
  select coalesce(array_agg(d.id), '{}') into linked from done d;
  return linked;
end $$;
