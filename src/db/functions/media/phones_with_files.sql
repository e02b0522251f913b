-- The business numbers whose new messages in a batch have files; null for none.
create or replace function phones_with_files(places "PlacedMessage"[], files int[]) returns json language plpgsql as $$
begin
  if files is null then return null; end if;
  return (select json_agg(distinct p."organizationPhoneId") from unnest(places) p
    where files[p.n] is not null and p."messageId" is null);
end $$;
