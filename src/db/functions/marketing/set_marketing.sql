-- Sets whether a contact refuses marketing: the latest preference by Meta's time wins, whatever the order of arrival. Returns
-- whether anything changed.
create or replace function set_marketing(contact int, stopped bool, at timestamptz, signup text) returns bool language plpgsql as $$
#variable_conflict use_column
begin
  update "Contact" c set "marketingStoppedAt" = case when stopped then at end, "marketingSaidAt" = at,
    "marketingSignupId" = signup, "updatedAt" = now()
  where c.id = contact and (c."marketingSaidAt" is null or (at, stopped) > (c."marketingSaidAt", c."marketingStoppedAt" is not null));
  return found;
end $$;
