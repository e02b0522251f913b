-- The oldest message of the chat that is queued or being sent, with an id below `before`; null when there is none. One that is
-- `unknown` was attempted already. The caller holds the chat's lock. The list of statuses is that of the partial index.
create or replace function earlier_unsent(chat int, before int) returns int language plpgsql stable as $$
#variable_conflict use_column
begin
  return (select o.id from "Message" o where o."chatId" = chat and o.id < before
    and o.status in ('queued', 'sending', 'unknown') and o.status <> 'unknown' order by o.id limit 1);
end $$;
