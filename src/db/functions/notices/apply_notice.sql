-- Applies one parsed webhook change about an account or a business number, for its owners (`notice_owner`): see
-- domain/parsed-notice.ts. Returns the ids of the notices that are new. Safe to repeat, late and in any order.
create or replace function apply_notice(n jsonb, hash text, phone int, organizations int[], account text, field text,
  received timestamptz) returns int[] language plpgsql as $$
#variable_conflict use_column
declare
  at timestamptz := coalesce((n->>'at')::timestamptz, received);
  subject jsonb := n->'notice'->'subject';
  refreshes bool := n->'notice'->>'kind' in ('numberName', 'numberQuality', 'accountCapability');
  organization int;
  made int;
  fresh int[] := '{}';
begin
  account := coalesce(subject->>'wabaId', account);
  if subject->>'type' = 'phoneNumber' and subject->>'phoneNumber' is null then
    subject := subject || jsonb_build_object('phoneNumber',
      (select regexp_replace(p."phoneNumber", '\D', '', 'g') from "OrganizationPhone" p where p.id = phone));
  end if;
  perform from "OrganizationPhone" p where refreshes and p."organizationId" = any(organizations)
    and (p.id = phone or phone is null and p."wabaId" = account) order by p.id for no key update;
  foreach organization in array organizations loop
    if jsonb_typeof(n->'notice') = 'object' then
      insert into "Notice" ("organizationId", "organizationPhoneId", "wabaId", field, kind, severity, title, detail, hash, "happenedAt")
      -- Checked first: ON CONFLICT would use up an id for every redelivery.
      select organization, phone, account, field, n->'notice'->>'kind', n->'notice'->>'severity', n->'notice'->>'title',
        (n->'notice'->'detail') || jsonb_build_object('subject', subject), hash, at
      where not exists (select from "Notice" k where k."organizationId" = organization and k.hash = apply_notice.hash)
      on conflict do nothing returning id into made;
      if made is not null then fresh := fresh || made; end if;
    end if;
    if refreshes then
      perform refresh_phone(p.id) from "OrganizationPhone" p where p."organizationId" = organization
        and (p.id = phone or phone is null and p."wabaId" = account and n->'notice'->>'kind' = 'accountCapability');
    end if;
    if jsonb_typeof(n->'template') = 'object' then perform apply_template(organization, account, n->'template', at); end if;
    perform apply_preference(organization, p) from jsonb_array_elements(n->'preferences') p;
    perform change_identity(organization, c::json) from jsonb_array_elements(n->'identityChanges') c;
  end loop;
  return fresh;
end $$;
