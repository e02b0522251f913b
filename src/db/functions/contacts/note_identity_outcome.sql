-- Notes, until the end of this transaction, what `settle_identities` has to finish and return: merges that are `pending`,
-- those `merged`, `conflicts`, and in `chats` each changed chat's number before its first event.
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
