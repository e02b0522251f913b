-- Takes one lock per wamid, in order, until commit. A status, and the echo or tagged status that identifies its message, may
-- arrive by two paths at once: the second of them then finds the first. A wamid never leaves an agent's message, so that its statuses
-- lock nothing; an echo may lose it to Graph's answer.
create or replace function lock_wamids(places "PlacedMessage"[], reports "InboundStatus"[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(k) from (
    select distinct wamid_lock(w.phone, w.wamid) k from (
      select p."organizationPhoneId" phone, p.wamid from unnest(places) p where p."fromMe" and p."messageId" is null
      union all
      select r."organizationPhoneId", r.wamid from unnest(reports) r
      where (select m."agentId" from "Message" m where m.id = r."messageId") is null) w
    where w.phone is not null order by 1) locks;
end $$;
