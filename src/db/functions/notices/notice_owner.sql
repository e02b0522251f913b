-- Who a notice is for: the number that it is about, and the organizations to show it to. A notice about a number is for that
-- number's organization alone, also where organizations share an account, and for none when the number is not found or is not
-- unique. A number is named by Meta's id, or by the digits that Meta displays (`subject.phoneNumber`): those are compared with
-- what Meta displayed before and, for numbers of which that is unknown, with what the operator typed. Otherwise the notice is for
-- every organization with a number in the account.
create or replace function notice_owner(number_id text, account text, subject jsonb, out phone int, out organizations int[])
  language plpgsql stable as $$
declare
  digits text := nullif(regexp_replace(subject->>'phoneNumber', '\D', '', 'g'), '');
  displayed int[] := '{}';
  typed int[] := '{}';
begin
  account := coalesce(subject->>'wabaId', account);
  if number_id is not null then
    displayed := array(select p.id from "OrganizationPhone" p where p."wabaPhoneNumberId" = number_id);
  elsif digits is not null then
    -- Only within the account: a number that moved to another one has the same digits there.
    displayed := array(select p.id from "DisplayedNumber" d join "OrganizationPhone" p on p."wabaPhoneNumberId" = d."phoneNumberId"
      where d."displayPhoneNumber" = digits and (account is null or p."wabaId" = account));
    typed := array(select p.id from "OrganizationPhone" p
      where (account is null or p."wabaId" = account) and regexp_replace(p."phoneNumber", '\D', '', 'g') = digits
        and not exists (select from "DisplayedNumber" d where d."phoneNumberId" = p."wabaPhoneNumberId"));
  elsif subject->>'type' is distinct from 'phoneNumber' then
    organizations := array(select distinct p."organizationId" from "OrganizationPhone" p where p."wabaId" = account order by 1);
    return;
  end if;
  if account is not null and displayed <> '{}' then typed := '{}'; end if;
  organizations := '{}';
  if cardinality(displayed || typed) = 1 then
    select p.id, array[p."organizationId"] into phone, organizations from "OrganizationPhone" p where p.id = any(displayed || typed);
  end if;
end $$;
