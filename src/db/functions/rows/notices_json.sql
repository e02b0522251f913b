-- New notices in the form that publishing needs: see `CommittedNotice` in db/committed.ts.
create or replace function notices_json(ids int[]) returns json language sql stable as $$
  select coalesce(json_agg(json_build_object('organizationId', n."organizationId",
    'inboxWatched', coalesce(o."watchedUntil" > now(), false), 'notice', to_json(n)) order by n.id), '[]')
  from (select * from "Notice" where id = any(ids) offset 0) n join "Organization" o on o.id = n."organizationId"
$$;
