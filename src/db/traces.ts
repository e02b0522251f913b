import { sql } from "drizzle-orm";
import type { Trace } from "../domain/trace.ts";
import type { Db } from "./client.ts";

/** What happened to a message of this organization, in the order of our clock. Null when there is no such message. */
export async function traceOf(db: Db, organizationId: number, messageId: number): Promise<Trace | null> {
  const { rows } = await db.execute<{ trace: Trace }>(sql`
    with m as (select m.* from "Message" m join "Chat" c on c.id = m."chatId"
      where m.id = ${messageId}::int and c."organizationId" = ${organizationId}::int),
    -- What happened before it came into this chat stands in the other's log.
    e as (select e.* from "ChatEvent" e, m where e."messageId" = m.id),
    steps(n, seq, ours, step) as (
      select 0, 0, m."receivedAt", json_build_object('step', 'written', 'at', rfc3339(m."createdAt"), 'clock', 'meta')
        from m where m."agentId" is null
      union all select 1, 0, m."receivedAt", json_build_object('step', 'received', 'at', rfc3339(m."receivedAt"), 'clock', 'ours') from m
      union all select 2, 0, m."spooledAt", json_build_object('step', 'spooled', 'at', rfc3339(m."spooledAt"), 'clock', 'ours')
        from m where m."spooledAt" is not null
      union all select 3, 0, m."storedAt", json_build_object('step', 'stored', 'at', rfc3339(m."storedAt"), 'clock', 'ours') from m
      union all select 4, e.seq, e."publishedAt", json_build_object('step', 'published', 'at', rfc3339(e."publishedAt"), 'clock', 'ours')
        from (select * from e where e.event = 'message.created' and e."publishedAt" is not null order by e."publishedAt" limit 1) e
      union all select 5, e.seq, e."createdAt", json_build_object('step', e.data->>'status', 'at', rfc3339(e."createdAt"),
          'clock', 'ours', 'attempt', nullif(e.data->'attempt', 'null')) from e where e.data->>'by' = 'us'
      union all select 6, coalesce(s.seq, 0), s."receivedAt", json_build_object('step', s.status, 'at', rfc3339(s."happenedAt"),
          'clock', 'meta', 'receivedAt', rfc3339(s."receivedAt"))
        from "MessageStatus" s, m where s."messageId" = m.id)
    select json_build_object('messageId', m.id, 'chatId', m."chatId", 'fromMe', m."fromMe",
      'steps', (select json_agg(step order by ours, n, seq) from steps)) as trace from m`);
  return rows[0]?.trace ?? null;
}
