-- Makes the merges that this transaction has found, and returns what it changed about identities: `committed` to publish,
-- `merges` and `conflicts` to log. Null when there is nothing.
create or replace function settle_identities() returns json language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  notes jsonb := nullif(current_setting('waba.identities', true), '')::jsonb;
  pair jsonb;
  one int; two int;
begin
  if notes is null then return null; end if;
  -- A merge may find another.
  while notes->'pending' <> '[]' loop
    perform set_config('waba.identities', jsonb_set(notes, '{pending}', '[]')::text, true);
    for pair in select p from jsonb_array_elements(notes->'pending') p loop
      select coalesce(c."mergedIntoId", c.id) into one from "Contact" c where c.id = (pair->>0)::int;
      select coalesce(c."mergedIntoId", c.id) into two from "Contact" c where c.id = (pair->>1)::int;
      perform merge_pair(one, two, null);
    end loop;
    notes := current_setting('waba.identities')::jsonb;
  end loop;
  return json_build_object('merges', notes->'merged', 'conflicts', notes->'conflicts', 'committed', committed(array(
    select row(e."chatId", e.seq, e.event, e."messageId", false)::"IngestedEvent" from jsonb_each(notes->'chats') n
    join "ChatEvent" e on e."chatId" = n.key::int and e.seq > n.value::int)));
end $$;
