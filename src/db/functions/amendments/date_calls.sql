-- Dates calls. Meta reports a call in several webhooks, in any order: each is a row that amends the call's own row, whose date
-- is the earliest of them. Refreshes the previews of their chats. Returns the ids of the messages that moved.
-- `+ 0`: by the index of chats Postgres would read the whole chat for each message.
create or replace function date_calls(targets int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  moved int[];
  chats int[];
begin
  with began as (
    select t.id, min(a."createdAt") at from "Message" t join "Message" a
      on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" + 0 = t."chatId" + 0
    where t.id = any(targets) and a.amends = 'call' group by t.id),
  done as (
    update "Message" m set "createdAt" = b.at from began b where m.id = b.id and m."createdAt" <> b.at
    returning m.id, m."chatId")
  select coalesce(array_agg(d.id), '{}'), array_agg(distinct d."chatId") into moved, chats from done d;
  if chats is not null then perform refresh_preview(chats); end if;
  return moved;
end $$;
