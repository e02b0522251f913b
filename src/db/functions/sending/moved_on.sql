-- The send guard: what colleagues have sent in a chat above the event `seen`, as `create_message` returns it, at most 20 messages;
-- null when that is nothing. What failed is no answer to the customer, and what may be the echo of an agent's message is no second one.
-- The caller holds the chat's lock.
-- Without a sort, so that Postgres stops at the twentieth.
create or replace function moved_on(chat "Chat", agent int, seen int) returns json language plpgsql stable
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  set enable_bitmapscan = off set enable_sort = off as $$
#variable_conflict use_column
declare
  unseen json;
begin
  if seen >= chat.head then return null; end if;
  select json_agg(r order by r.seq) into unseen from (
    select m.id from "ChatEvent" e join "Message" m on m.id = e."messageId"
    where e."chatId" = chat.id and e.seq > seen and e.event = 'message.created' and m."chatId" = chat.id and m."fromMe"
      and m.amends is null and not m."isHistory" and m."agentId" is distinct from agent and m.status <> 'failed'
      and not (m."agentId" is null and may_be_echo(chat.id, m.id, m."messageType", m.body))
    order by e.seq limit 20) u join "MessageRow" r on r.id = u.id;
  if unseen is null then return null; end if;
  return json_build_object('kind', 'chat_moved_on', 'chatId', chat.id, 'head', chat.head, 'unseen', unseen);
end $$;
