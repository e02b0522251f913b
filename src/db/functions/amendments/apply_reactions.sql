-- Applies reactions: each person has at most one on a message, the latest by Meta's time (ties by wamid; one that we are
-- sending has no wamid yet and is the newest); one without an emoji removes it. Returns the ids of the messages that changed.
create or replace function apply_reactions(targets int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  changed int[];
begin
  with latest as (
    select distinct on (o.target, a."fromMe", a.sender) o.target, a."fromMe", a.sender, a.emoji, a.content->'sender'->>'name' name
    from amendments_of(targets) o cross join lateral (select (o.amendment).*) a where a.amends = 'reaction'
    order by o.target, a."fromMe", a.sender, a."createdAt" desc, a.wamid desc nulls first),
  shown as (
    select l.target, jsonb_agg(jsonb_build_object('emoji', l.emoji, 'fromMe', l."fromMe", 'sender', l.sender, 'senderName', l.name)
      order by l."fromMe", l.sender) reactions from latest l where l.emoji is not null group by l.target),
  done as (
    update "Message" m set reactions = coalesce(s.reactions, '[]')
    from unnest(targets) t(id) left join shown s on s.target = t.id
    where m.id = t.id and m.reactions is distinct from coalesce(s.reactions, '[]') returning m.id)
  select coalesce(array_agg(d.id), '{}') into changed from done d;
  return changed;
end $$;
