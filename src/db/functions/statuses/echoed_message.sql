-- The message that an echo's row has given way to (see `release_echo`), which a client may still show; of any other message the message
-- itself.
create or replace function echoed_message(message int) returns int language plpgsql stable set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return coalesce((select m.id from "Message" e join "Message" m on m."organizationPhoneId" = e."organizationPhoneId" and m.wamid = e."refersTo"
    where e.id = message and e.amends = 'echo'), message);
end $$;
