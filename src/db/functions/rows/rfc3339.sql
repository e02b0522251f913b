-- Rows as the API, the sockets and the event log show them. One place makes them, so that an event and a fresh load
-- cannot differ. `json` throughout: `jsonb` refuses what customers may write (U+0000, lone surrogates).
create or replace function rfc3339(moment timestamptz) returns text language sql stable as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
