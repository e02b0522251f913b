-- Whoever says it and whoever makes the contact at that moment meet here: one of them finds the other.
create or replace function meet_marketing(organization int, kind text, value text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'marketing', organization, kind, value), 0))
$$;
