-- In how many chats a note mentions the agent `me`, who has not read them since; up to `most`. Reads all of these, which an index of
-- the mentions finds.
create or replace function count_mentioned_chats(organization int, me int, most int) returns int language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_bitmapscan = on set enable_seqscan = off as $$
begin
  return (
    with mentioning as materialized (
      select c."organizationId", c."mergedIntoId" from "Chat" c where c."mentionedIds" @> array[me] and c."mentionedIds" <> '{}')
    select least(count(*), most) from mentioning m where m."organizationId" = organization and m."mergedIntoId" is null);
end $$;
