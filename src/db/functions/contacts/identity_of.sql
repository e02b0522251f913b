-- The current or former owner of a phone, user id or parent user id: a row of "ContactIdentity", with null columns when there
-- is none. A phone that Meta has not named may be one that an agent dialled.
create or replace function identity_of(organization int, identity_kind text, identity_value text) returns "ContactIdentity" language sql stable as $$
  select o from "ContactIdentity" o where o."organizationId" = organization and o.value = identity_value
    and o.kind = any(case when identity_kind = 'phone' then '{phone,dialled}' else array[identity_kind] end)
  order by o.kind desc limit 1
$$;
