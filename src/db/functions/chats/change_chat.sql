-- Makes one change that agents make of a chat, as one numbered event: `change` is a `ChatChange` of db/chat-changes.ts with its
-- `data` for the event. A merged chat's change is made to the chat that it was merged into. Returns `changed` (also when it
-- already was so, without an event), `no_agent`, `no_label`, `too_many_labels`, `taken` with the assignee when the chat is not
-- assigned as `ifAssigneeId` says, or null when there is no such chat.
create or replace function change_chat(organization int, chat int, agent int, change jsonb) returns json language plpgsql
  set lock_timeout = '2s' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  c "Chat";
  n "Chat";
  label int := change->>'labelId';
  data jsonb := change->'data';
  events "IngestedEvent"[] := '{}';
begin
  select * into c from "Chat" o where o.id = coalesce((select m."mergedIntoId" from "Chat" m where m.id = chat), chat)
    and o."organizationId" = organization for no key update of o;
  if c.id is null then return null; end if;
  n := c;
  if change->>'kind' = 'assign' then
    n."assigneeId" := change->>'assigneeId';
    if n."assigneeId" is not null and not exists (
        select from "Agent" a where a.id = n."assigneeId" and a."organizationId" = organization) then
      return json_build_object('kind', 'no_agent');
    end if;
    if change ? 'ifAssigneeId' and c."assigneeId" is distinct from (change->>'ifAssigneeId')::int
        and c."assigneeId" is distinct from n."assigneeId" then
      return json_build_object('kind', 'taken', 'assignee', (
        select json_build_object('id', a.id, 'name', a.name) from "Agent" a where a.id = c."assigneeId"));
    end if;
    data := data || jsonb_build_object('previousAssigneeId', c."assigneeId");
  elsif change->>'kind' = 'status' then
    n.status := change->>'status';
    n."snoozedUntil" := change->>'snoozedUntil';
  elsif change->>'kind' = 'unread' then
    n."unreadCount" := greatest(c."unreadCount", 1);
  elsif change->>'kind' = 'label' then
    if not exists (select from "Label" l where l.id = label and l."organizationId" = organization) then
      return json_build_object('kind', 'no_label');
    end if;
    n."labelIds" := array_remove(c."labelIds", label) || label;
    if c."labelIds" @> array[label] then n."labelIds" := c."labelIds"; end if;
    if cardinality(n."labelIds") > 20 then return json_build_object('kind', 'too_many_labels'); end if;
  else
    n."labelIds" := array_remove(c."labelIds", label);
  end if;
  if n is distinct from c then
    insert into "ChatEvent" ("chatId", seq, event, "agentId", data) values (c.id, c.head + 1, 'chat.updated', agent, data);
    update "Chat" o set head = c.head + 1, "updatedAt" = now(), "assigneeId" = n."assigneeId", status = n.status,
      "snoozedUntil" = n."snoozedUntil", "unreadCount" = n."unreadCount", "labelIds" = n."labelIds" where o.id = c.id;
    events := array[row(c.id, c.head + 1, 'chat.updated', null, true)::"IngestedEvent"];
  end if;
  return json_build_object('kind', 'changed', 'chatId', c.id, 'committed', committed(events));
end $$;
