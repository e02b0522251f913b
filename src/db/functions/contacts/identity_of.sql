-- The current or former owner of a phone, user id or parent user id: a row of "ContactIdentity", with null columns when there
-- is none.
create or replace function identity_of(organization int, identity_kind text, identity_value text) returns "ContactIdentity" language sql stable as $$
  select o from "ContactIdentity" o where o."organizationId" = organization and o.kind = identity_kind and o.value = identity_value
$$;
