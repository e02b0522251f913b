-- Whether a phone has `queue_limit` messages that wait. A queue whose first message is among the newest `queue_limit` of all cannot
-- be full: then it is not counted. A set without a SET, so that Postgres inlines it.
create or replace function is_queue_full(phone int, queue_limit int) returns setof bool language sql stable rows 1 as $$
  select case when (select s.last_value from "Message_id_seq" s) - (select min(q.id) from "Message" q where q."organizationPhoneId" = phone
      and q.status in ('queued', 'sending', 'unknown')) < queue_limit - 1 then false
    else exists (select from "Message" q where q."organizationPhoneId" = phone and q.status in ('queued', 'sending', 'unknown')
      offset queue_limit - 1) end
$$;
