-- Sets the status of messages to the highest reported one, and the error to that of the first failure while the status is
-- `failed`.
create or replace function raise_statuses(changed int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with reported as (
    select distinct on (s."messageId") s."messageId" id, s.status from "MessageStatus" s where s."messageId" = any(changed)
    order by s."messageId", status_rank(s.status) desc),
  highest as (
    select r.id, case when status_rank(m.status) < status_rank(r.status) then r.status else m.status end status
    from reported r join "Message" m on m.id = r.id)
  update "Message" m set status = h.status, error = case when h.status = 'failed' then coalesce(
      (select s.error from "MessageStatus" s where s."messageId" = m.id and s.status = 'failed'
        order by s."happenedAt", s.participant limit 1), m.error) end
  from highest h where m.id = h.id;
end $$;
