create or replace function amend(fresh int[]) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  moved int[]; chats int[];
begin
  if exists (select from "Message" m where m.id = any(fresh) and m.amends = 'call') then
    with began as (
      select t.id, min(a."createdAt") at from "Message" w
      join "Message" t on t."organizationPhoneId" = w."organizationPhoneId" and t.wamid = w."refersTo" and t."chatId" = w."chatId"
      join "Message" a on a."organizationPhoneId" = t."organizationPhoneId" and a."refersTo" = t.wamid and a."chatId" = t."chatId"
      where w.id = any(fresh) and w.amends = 'call' and a.amends = 'call' group by t.id),
    done as (update "Message" m set "createdAt" = b.at from began b where m.id = b.id and m."createdAt" <> b.at returning m.id, m."chatId")
    select array_agg(id), array_agg(distinct "chatId") into moved, chats from done;
    if moved is not null then perform refresh_preview(chats); end if;
  end if;
  return array(select unnest(moved || amend_rows(fresh)) except select unnest(fresh));
end $$;
