-- What is to be told at the end of this transaction: `joins` still to be made, `made`, `conflicts`, and per chat the number
-- before the first event, in `chats`.
create or replace function note_identity_outcome(path text[], noted jsonb) returns void language plpgsql as $$
declare
  notes jsonb := coalesce(nullif(current_setting('waba.identities', true), ''), '{"pending": [], "merged": [], "conflicts": [], "chats": {}}')::jsonb;
begin
  if path[1] = 'chats' then
    if notes #> path is not null then return; end if;
  else
    noted := (notes #> path) || noted;
  end if;
  perform set_config('waba.identities', jsonb_set(notes, path, noted)::text, true);
end $$;
