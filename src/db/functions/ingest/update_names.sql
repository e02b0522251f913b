-- Gives contacts the name and username of their newest sighting by Meta's time (ties by name), whatever the order they come
-- in: so the time is kept also where the name stays. Gives the chats that are not in this batch and show another name now.
create or replace function update_names(places "PlacedMessage"[]) returns int[] language plpgsql
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  contacts int[];
  has_usernames bool;
  renamed int[];
begin
  select array_agg(distinct p."contactId"), bool_or(p.username is not null) into contacts, has_usernames
  from unnest(places) p where p."contactId" is not null and (p.name is not null or p.username is not null);
  if contacts is null then return '{}'; end if;
  -- Several are locked first, in the order in which merging locks them.
  if cardinality(contacts) > 1 then
    perform from "Contact" c where c.id = any(contacts) order by c.id for no key update;
  end if;
  with newest as (
    select distinct on (p."contactId") p."contactId", p.name, p.at from unnest(places) p
    where p."contactId" is not null and p.name is not null order by p."contactId", p.at desc, p.name),
  done as (
    update "Contact" c set name = s.name, "namedAt" = s.at,
      "updatedAt" = case when c.name is distinct from s.name then now() else c."updatedAt" end
    from newest s
    where c.id = s."contactId" and (c."namedAt" is null or (s.at, c.name) > (c."namedAt", s.name))
    returning c.id, c."createdAt", c."updatedAt")
  -- Of a contact that this transaction has made, nobody has seen another name.
  select array_agg(d.id) into renamed from done d where d."updatedAt" = now()::timestamptz(3) and d."createdAt" < d."updatedAt";
  if has_usernames then renamed := renamed || update_usernames(places); end if;
  if renamed is null then return '{}'; end if;
  return array(select c.id from "Chat" c where c."contactId" = any(renamed)
    and c.id not in (select p."chatId" from unnest(places) p where p."chatId" is not null));
end $$;
