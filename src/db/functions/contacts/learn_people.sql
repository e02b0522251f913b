-- What a status tells of a person: the user id to the phone that we sent to. It makes no contact.
create or replace function learn_people(people json) returns void language plpgsql set lock_timeout = '2s' set enable_seqscan = off as $$
#variable_conflict use_column
declare
  i "IngestItem";
begin
  for i in select * from json_populate_recordset(null::"IngestItem", people) loop
    select p."organizationId", p.id into i."organizationId", i."organizationPhoneId" from "OrganizationPhone" p where p."wabaPhoneNumberId" = i."phoneNumberId";
    continue when i."organizationId" is null or exists (select from "Contact" c where c."organizationId" = i."organizationId"
      and c."userId" = i."userId" and (i.phone is null or c.phone = i.phone) and (i."parentUserId" is null or c."parentUserId" = i."parentUserId"));
    if i.kind = 'message' or (identity_of(i."organizationId", 'userId', i."userId")).id is not null
        or (identity_of(i."organizationId", 'phone', i.phone)).id is not null then
      perform contact_for(i);
    end if;
  end loop;
end $$;
