-- Applies one parsed webhook change about an account or a business number: see domain/parsed-notice.ts. Returns the ids of the notices
-- that are new; null when neither the number nor the account is connected. Safe to repeat, late and in any order.
create or replace function apply_notice(n jsonb, hash text, number_id text, account text, field text, received timestamptz) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  at timestamptz := coalesce((n->>'at')::timestamptz, received);
  subject jsonb := n->'notice'->'subject';
  phone "OrganizationPhone";
  organizations int[];
  organization int;
  made int;
  fresh int[] := '{}';
begin
  account := coalesce(subject->>'wabaId', account);
  select * into phone from "OrganizationPhone" p where p."wabaPhoneNumberId" = number_id;
  if phone.id is null and subject->>'phoneNumber' is not null then
    select * into phone from "OrganizationPhone" p where p."wabaId" = account
      and regexp_replace(p."phoneNumber", '\D', '', 'g') = regexp_replace(subject->>'phoneNumber', '\D', '', 'g') order by p.id limit 1;
  end if;
  -- Organizations may share an account, but not a number.
  organizations := case when phone.id is not null then array[phone."organizationId"]
    else array(select distinct p."organizationId" from "OrganizationPhone" p where p."wabaId" = account order by 1) end;
  if cardinality(organizations) = 0 then return null; end if;
  perform from "OrganizationPhone" p where n->'notice'->>'kind' in ('numberName', 'numberQuality', 'accountCapability')
    and p."organizationId" = any(organizations) and (p.id = phone.id or phone.id is null and p."wabaId" = account) order by p.id for no key update;
  foreach organization in array organizations loop
    if jsonb_typeof(n->'notice') = 'object' then
      insert into "Notice" ("organizationId", "organizationPhoneId", "wabaId", field, kind, severity, title, detail, hash, "happenedAt")
      -- Checked first: ON CONFLICT would use up an id for every redelivery.
      select organization, phone.id, account, field, n->'notice'->>'kind', n->'notice'->>'severity', n->'notice'->>'title',
        (n->'notice'->'detail') || jsonb_build_object('subject', subject), hash, at
      where not exists (select from "Notice" k where k."organizationId" = organization and k.hash = apply_notice.hash)
      on conflict do nothing returning id into made;
      if made is not null then fresh := fresh || made; end if;
    end if;
    if n->'notice'->>'kind' in ('numberName', 'numberQuality', 'accountCapability') then
      perform refresh_phone(p.id) from "OrganizationPhone" p where p."organizationId" = organization
        and (p.id = phone.id or phone.id is null and p."wabaId" = account and n->'notice'->>'kind' = 'accountCapability');
    end if;
    if jsonb_typeof(n->'template') = 'object' then perform apply_template(organization, account, n->'template', at); end if;
    perform apply_preference(organization, p) from jsonb_array_elements(n->'preferences') p;
    perform change_identity(organization, c::json) from jsonb_array_elements(n->'identityChanges') c;
  end loop;
  return fresh;
end $$;
