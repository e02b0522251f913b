-- Applies edits and call reports. Of edits the latest by Meta's time (ties by wamid) sets the message's text and content, less
-- what stood beside the message from the beginning, and the latest with a file its file. Of call reports the one that says most does (see `call_rank`); one of a file says nothing
-- about the call. A revoked message keeps its "[deleted]". Returns the ids of the messages that changed.
create or replace function apply_edits(targets int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  changed int[];
begin
  with reported as (
    select o.target, a.amends, a."newBody", a.content, a."mediaId", a."createdAt", a.wamid
    from amendments_of(targets) o cross join lateral (select (o.amendment).*) a
    where a.amends in ('edit', 'call') and a."newBody" is not null),
  latest as (
    select distinct on (r.target) r.* from reported r
    order by r.target, case when r.amends = 'call' then call_rank(r.content->>'state') end desc, r."createdAt" desc, r.wamid desc),
  files as (
    select distinct on (r.target) r.target, r."mediaId" from reported r where r.amends = 'edit' and r."mediaId" is not null
    order by r.target, r."createdAt" desc, r.wamid desc),
  shown as (
    select m.id, case when l.amends = 'edit' then l."createdAt" end "editedAt", coalesce(f."mediaId", m."mediaId") "mediaId",
      case when m."revokedAt" is null then coalesce(l."newBody", m.body) else m.body end body,
      coalesce(case when l.amends = 'edit' then ((l.content->'message')::jsonb || b.beside)::json else l.content end,
        m.content)::text content
    from unnest(targets) t(id) join "Message" m on m.id = t.id left join latest l on l.target = t.id
    left join files f on f.target = t.id
    cross join lateral (select coalesce(jsonb_object_agg(e.key, e.value), '{}') beside from jsonb_each(m.content::jsonb) e
      where e.key in ('context', 'referral', 'sender', 'summary')) b),
  done as (
    update "Message" m set "editedAt" = s."editedAt", body = s.body, content = s.content::json, "mediaId" = s."mediaId" from shown s
    where m.id = s.id and (m."editedAt", m.body, m.content::text, m."mediaId")
      is distinct from (s."editedAt", s.body, s.content, s."mediaId")
    returning m.id)
  select coalesce(array_agg(d.id), '{}') into changed from done d;
  return changed;
end $$;
