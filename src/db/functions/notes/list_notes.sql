-- The notes of a chat with ids below `before`, newest first, at most `row_limit`, as `note_json`; without deleted ones. By the index
-- of chats: Postgres would read the newest notes of all chats where by its statistics this one has many.
create or replace function list_notes(organization int, chat int, before int, row_limit int) returns setof json language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  return query select note_json(n) from "ChatNote" n
    where n."chatId" = chat and n."organizationId" = organization and n."deletedAt" is null and n.id < before
    order by n.id desc limit row_limit;
end $$;
