-- What people are called in our own address book, and groups by their subject. What a person says of himself wins whatever
-- its age, so the word of the address book counts as a thousand years older. Chats that show a new name say so, by
-- `settle_identities`.
create or replace function learn_names(names json) returns void language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  i "IngestItem";
  old "Contact";
  told timestamptz;
  shown int[];
begin
  for i in select * from json_populate_recordset(null::"IngestItem", names) n order by n."phoneNumberId", n.phone, n."userId", n."groupId", n.at loop
    select p."organizationId", p.id into i."organizationId", i."organizationPhoneId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = i."phoneNumberId";
    continue when not found;
    told := i.at - case when i."groupId" is null then interval '1000 years' else interval '0' end;
    i."contactId" := contact_for(i);
    select * into old from "Contact" c where c.id = i."contactId" for no key update;
    continue when (old."namedAt", old.name) >= (told, i.name);
    update "Contact" c set name = i.name, "namedAt" = told, "updatedAt" = now() where c.id = old.id;
    continue when old.name = i.name;
    perform from "Chat" c where c."contactId" = old.id order by c.id for no key update;
    shown := array(select c.id from "Chat" c where c."contactId" = old.id and c."mergedIntoId" is null);
    perform log_chats(shown);
  end loop;
end $$;
