-- Has two contacts merged at the end of the transaction (`settle_identities`), because Meta reports them as one person; when an
-- admin has undone that, it is reported as a conflict. Does nothing when they are one, or one of them is null.
create or replace function join_contacts(organization int, phone int, a int, b int, at timestamptz) returns void language plpgsql as $$
begin
  if a is null or b is null or a = b then return; end if;
  if was_merge_undone(a, b) then
    perform report_conflict(organization, phone, a, b, at);
  else
    perform note_identity_outcome('{pending}', jsonb_build_array(jsonb_build_array(a, b)));
  end if;
end $$;
