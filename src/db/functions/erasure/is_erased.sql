-- Whether one of the organizations has erased the person with one of these ids, and what happened `at` is not newer than that.
create or replace function is_erased(organizations int[], ids text[], at timestamptz) returns bool language sql stable as $$
  select exists (select from "Erasure" e where e."organizationId" = any(organizations) and at <= e."erasedAt"
    and e.hash in (select erasure_hash('id', i) from unnest(ids) i))
$$;
