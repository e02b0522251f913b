-- One range of an organization's list, see `list_chats`: chats of the status `listed`; none when another one is `wanted`. Without
-- a SET, so that Postgres inlines it and stops reading at the end of the page.
create or replace function organization_chats(organization int, listed text, wanted text, after_at timestamptz, after_id int,
  row_limit int) returns setof "ChatRow" language sql stable as $$
  select r.* from "ChatRow" r where r."organizationId" = organization and r.status = listed and coalesce(wanted, listed) = listed
    and r."mergedIntoId" is null and (r."lastMessageAt", r.id) < (after_at, after_id)
  order by r."lastMessageAt" desc, r.id desc limit row_limit
$$;
