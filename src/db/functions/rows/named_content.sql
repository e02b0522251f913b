-- The content of a group's message, with its author's name as it is known now: what an agent has set, else the address book's, else
-- that of their profile. Without one it stays as Meta gave it, and so does content that Postgres cannot take apart.
create or replace function named_content(organization int, content json) returns json language plpgsql stable as $$
declare
  author jsonb := (content->'sender')::jsonb;
  known text;
begin
  if jsonb_typeof(author) is distinct from 'object' then return content; end if;
  known := member_name(organization, author->>'phone', author->>'userId');
  if known is null or known = author->>'name' then return content; end if;
  return jsonb_set(content::jsonb, '{sender,name}', to_jsonb(known))::json;
exception when untranslatable_character or invalid_text_representation then
  return content;
end $$;
