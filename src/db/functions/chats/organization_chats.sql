-- One range of an organization's list, see `list_chats`: chats of the status `listed`; none when another one is `wanted`. Without
-- a SET, so that Postgres inlines it and stops reading at the end of the page.
create or replace function organization_chats(organization int, listed text, wanted text, after_at timestamptz, after_id int,
  row_limit int) returns setof "Chat" language sql stable as $$
  select c.* from "Chat" c where c."organizationId" = organization and c.status = listed and coalesce(wanted, listed) = listed
    and c."mergedIntoId" is null and (c."lastMessageAt", c.id) < (after_at, after_id)
  order by c."lastMessageAt" desc, c.id desc limit row_limit
$$;
