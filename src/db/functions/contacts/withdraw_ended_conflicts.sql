-- Removes the notices that this contact and another may be one person, where by what is known now whoever had each of their common
-- phones first had left it before the other was seen with it.
create or replace function withdraw_ended_conflicts(contact int) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  notice record;
begin
  for notice in
    select n.id, w::int other from "Contact" c
    join "Notice" n on n."organizationId" + 0 = c."organizationId" and n.kind = 'identity_conflict' and n.detail->'contactIds' @> to_jsonb(contact),
      jsonb_array_elements_text(n.detail->'contactIds') w
    where c.id = contact and w::int <> contact
  loop
    delete from "Notice" n where n.id = notice.id and (
      select bool_and(coalesce(ours."endedAt" <= theirs."createdAt" or theirs."endedAt" <= ours."createdAt", false))
      from unnest(identity_spans(contact)) ours join unnest(identity_spans(notice.other)) theirs on theirs.value = ours.value
      where ours.kind = 'phone' and theirs.kind = 'phone');
  end loop;
end $$;
