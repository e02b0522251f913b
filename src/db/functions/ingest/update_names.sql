-- Gives contacts the profile name and the username of their newest sighting, see `is_newer_name`: the time is stored also when
-- the name stays the same. Returns the chats that are not in this batch and show another name now.
create or replace function update_names(places "PlacedMessage"[]) returns int[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  contacts int[];
  renamed int[];
begin
  select array_agg(distinct p."contactId") into contacts from unnest(places) p
  where p."contactId" is not null and (p.name is not null or p.username is not null);
  if contacts is null then return '{}'; end if;
  -- Several are locked first, in the order in which merging locks them.
  if cardinality(contacts) > 1 then
    perform from "Contact" c where c.id = any(contacts) order by c.id for no key update;
  end if;
  with newest as (
    select p."contactId",
      max(p.at) filter (where p.name is not null) "namedAt",
      (array_agg(p.name order by p.at desc, p.name) filter (where p.name is not null))[1] name,
      max(p.at) filter (where p.username is not null) "usernamedAt",
      (array_agg(p.username order by p.at desc, p.username) filter (where p.username is not null))[1] username
    from unnest(places) p where p."contactId" = any(contacts) group by p."contactId"),
  done as (
    update "Contact" c set
      "profileName" = case when is_newer_name(n."namedAt", n.name, c."namedAt", c."profileName") then n.name else c."profileName" end,
      "namedAt" = greatest(c."namedAt", n."namedAt"),
      username = case when is_newer_name(n."usernamedAt", n.username, c."usernamedAt", c.username) then n.username
        else c.username end,
      "usernamedAt" = greatest(c."usernamedAt", n."usernamedAt"),
      "updatedAt" = case
        when is_newer_name(n."namedAt", n.name, c."namedAt", c."profileName") and c."profileName" is distinct from n.name
          or is_newer_name(n."usernamedAt", n.username, c."usernamedAt", c.username) and c.username is distinct from n.username
        then now() else c."updatedAt" end
    from newest n
    where c.id = n."contactId" and (is_newer_name(n."namedAt", n.name, c."namedAt", c."profileName")
      or is_newer_name(n."usernamedAt", n.username, c."usernamedAt", c.username))
    returning c.id, c."createdAt", c."updatedAt")
  -- A contact that this transaction has made was never shown under another name.
  select array_agg(d.id) into renamed from done d where d."updatedAt" = now()::timestamptz(3) and d."createdAt" < d."updatedAt";
  if renamed is null then return '{}'; end if;
  return array(select c.id from "Chat" c where c."contactId" = any(renamed)
    and c.id not in (select p."chatId" from unnest(places) p where p."chatId" is not null));
end $$;
