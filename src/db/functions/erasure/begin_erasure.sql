-- Begins to erase a person: from now on nothing comes in of them that is not newer than `at`. Returns the ids of their chats; null
-- where the organization has no such contact. May be repeated.
create or replace function begin_erasure(organization int, contact int, at timestamptz) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  person record;
begin
  select * into person from person_of(organization, contact);
  if person.contacts is null then return null; end if;
  insert into "Erasure" ("organizationId", hash, "erasedAt")
  select organization, erasure_hash('id', i.id), at from unnest(person.ids) i(id) order by 2
  on conflict (hash, "organizationId") do update set "erasedAt" = greatest("Erasure"."erasedAt", excluded."erasedAt");
  return person.chats;
end $$;
