-- The same as `update_names` for usernames. Gives the contacts that have another one now. The caller holds their locks.
create or replace function update_usernames(places "PlacedMessage"[]) returns int[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  renamed int[];
begin
  with newest as (
    select distinct on (p."contactId") p."contactId", p.username, p.at from unnest(places) p
    where p."contactId" is not null and p.username is not null order by p."contactId", p.at desc, p.username),
  done as (
    update "Contact" c set username = s.username, "usernamedAt" = s.at,
      "updatedAt" = case when c.username is distinct from s.username then now() else c."updatedAt" end
    from newest s
    where c.id = s."contactId"
      and (c."usernamedAt" is null or (s.at, c.username) > (c."usernamedAt", s.username))
    returning c.id, c."createdAt", c."updatedAt")
  select array_agg(d.id) into renamed from done d where d."updatedAt" = now()::timestamptz(3) and d."createdAt" < d."updatedAt";
  return renamed;
end $$;
