-- Sets the status of messages to the highest reported one, the error to that of the first failure while the status is
-- `failed`, and the payment to the latest by Meta's time (ties by state); one that is `pending` never replaces a settled one.
create or replace function raise_statuses(changed int[]) returns void language plpgsql set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with reported as (
    select distinct on (s."messageId") s."messageId" id, s.status from "MessageStatus" s where s."messageId" = any(changed)
    order by s."messageId", status_rank(s.status) desc),
  highest as (
    select r.id, case when status_rank(m.status) < status_rank(r.status) then r.status else m.status end status
    from reported r join "Message" m on m.id = r.id),
  paid as (
    select distinct on (s."messageId") s."messageId" id, s.payment
    from (select s.*, s.payment->>'state' state, bool_or(s.payment->>'state' in ('paid', 'refunded')) over (partition by s."messageId") settled
      from "MessageStatus" s where s."messageId" = any(changed) and s.payment is not null) s
    order by s."messageId", s.settled and s.state = 'pending', s."happenedAt" desc,
      array_position(array['pending', 'failed', 'canceled', 'other', 'paid', 'refunded'], s.state) desc, s.payload::text desc)
  update "Message" m set status = h.status, payment = coalesce(p.payment, m.payment), error = case when h.status = 'failed' then coalesce(
      (select s.error from "MessageStatus" s where s."messageId" = m.id and s.status = 'failed'
        order by s."happenedAt", s.participant limit 1), m.error) end
  from highest h left join paid p on p.id = h.id where m.id = h.id;
end $$;
