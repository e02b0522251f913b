-- A JSON text in which these ids are no longer a whole string.
create or replace function erase_ids(content text, ids text[]) returns text language plpgsql immutable as $$
declare
  id text;
begin
  foreach id in array ids loop
    content := replace(content, to_json(id)::text, '""');
  end loop;
  return content;
end $$;
