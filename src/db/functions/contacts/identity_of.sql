-- Whose a phone, user id or parent user id is or was: the row of "ContactIdentity", with null columns when it is nobody's.
create or replace function identity_of(organization int, wanted text, word text) returns "ContactIdentity" language sql stable as $$
  select o from "ContactIdentity" o where o."organizationId" = organization and o.kind = wanted and o.value = word
$$;
