-- One chat of an organization. No row when the organization has no such chat.
create or replace function find_chat(organization int, chat int) returns setof "ChatRow" language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query select r.* from "ChatRow" r where r.id = chat and r."organizationId" = organization;
end $$;
