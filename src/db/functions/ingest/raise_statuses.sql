-- Sets the status of messages to the highest that was reported, and the error to that of the first failure while
-- `failed` is what holds.
create or replace function raise_statuses(changed int[]) returns void language sql as $$
  with told as (
    select distinct on (s."messageId") s."messageId" id, s.status from "MessageStatus" s where s."messageId" = any(changed)
    order by s."messageId", status_rank(s.status) desc)
  update "Message" m set status = h.status, error = case when h.status = 'failed' then coalesce(
      (select s.error from "MessageStatus" s where s."messageId" = m.id and s.status = 'failed' order by s."happenedAt", s.participant limit 1),
      m.error) end
  from (select t.id, case when status_rank(m.status) < status_rank(t.status) then t.status else m.status end status
        from told t join "Message" m on m.id = t.id) h
  where m.id = h.id
$$;
