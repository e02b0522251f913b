-- Applies revokes: the message is "[deleted]" since the first of them, whatever was edited. Returns the ids of the messages
-- that changed.
create or replace function apply_revokes(targets int[]) returns int[] language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  changed int[];
begin
  with first as (
    select o.target, min((o.amendment)."createdAt") at from amendments_of(targets) o
    where (o.amendment).amends = 'revoke' group by o.target),
  done as (
    update "Message" m set "revokedAt" = f.at, body = case when f.at is null then m.body else '[deleted]' end
    from unnest(targets) t(id) left join first f on f.target = t.id
    where m.id = t.id and (m."revokedAt" is distinct from f.at or f.at is not null and m.body <> '[deleted]')
    returning m.id)
  select coalesce(array_agg(d.id), '{}') into changed from done d;
  return changed;
end $$;
