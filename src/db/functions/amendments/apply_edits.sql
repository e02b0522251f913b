-- Applies edits and call reports: the latest by Meta's time (ties by wamid) sets the message's text and content. A revoked
-- message keeps its "[deleted]". Returns the ids of the messages that changed.
create or replace function apply_edits(targets int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  changed int[];
begin
  with latest as (
    select distinct on (o.target) o.target, a.amends, a."newBody", a.content, a."createdAt"
    from amendments_of(targets) o cross join lateral (select (o.amendment).*) a where a.amends in ('edit', 'call')
    order by o.target, a."createdAt" desc, a.wamid desc),
  shown as (
    select m.id, case when l.amends = 'edit' then l."createdAt" end "editedAt",
      case when m."revokedAt" is null then coalesce(l."newBody", m.body) else m.body end body,
      coalesce(case when l.amends = 'edit' then l.content->'message' else l.content end, m.content)::text content
    from unnest(targets) t(id) join "Message" m on m.id = t.id left join latest l on l.target = t.id),
  done as (
    update "Message" m set "editedAt" = s."editedAt", body = s.body, content = s.content::json from shown s
    where m.id = s.id and (m."editedAt", m.body, m.content::text) is distinct from (s."editedAt", s.body, s.content)
    returning m.id)
  select coalesce(array_agg(d.id), '{}') into changed from done d;
  return changed;
end $$;
