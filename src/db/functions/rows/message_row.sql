-- The columns of one message, and of its file. `isAfterInbound` tells apart the two reasons that Meta gives one code for
-- (131047): the customer was silent for 24 hours, or has never written. It is asked when the row is read, since events come
-- in any order. Postgres inlines this where it stands in a FROM clause: it costs nothing beside the join.
create or replace function message_row(m "Message") returns setof "MessageRow" language sql stable as $$
  select m.id, m."chatId", m.seq, m.wamid, m."fromMe", m."messageType", m.amends, m.body, m.payload,
    m.content, m."isHistory", m.status, m.error, m."replyToMessageId", m.reactions, m."editedAt"::timestamptz,
    m."revokedAt"::timestamptz, m."agentId", m."createdAt"::timestamptz, m."receivedAt"::timestamptz, m."mediaId", f.state,
    f."mimeType", f."fileName", f."sizeBytes", f.problem,
    case when m.error->>'code' = 'customer_has_not_written' then exists (
      select from "Message" i where i."chatId" = m."chatId" and i."createdAt" < m."createdAt" and not i."fromMe") end
  from (select) one left join "Media" f on f.id = m."mediaId"
$$;
