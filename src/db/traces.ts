import { sql } from "drizzle-orm";
import type { AttemptRecord, Trace, TraceStep } from "../domain/trace.ts";
import type { Db } from "./client.ts";
import { type Moment, rfc3339 } from "./rows.ts";

/** The steps of a message of this organization, in the order of our clock. Null when there is no such message. */
export async function traceOf(db: Db, organizationId: number, messageId: number): Promise<Trace | null> {
  const { rows } = await db.execute<TraceRow>(sql`
    select m.id as "messageId", m."chatId", m."fromMe", m."agentId", m."createdAt", m."receivedAt", m."spooledAt", m."storedAt", s.*
    from "Message" m
    left join lateral (
      -- A message that was moved by a merge may have been published first in the other chat.
      (select 'published' as source, e.seq, 'published' as step, e."publishedAt" as at, e."publishedAt" as "ourAt", null::jsonb as attempt
        from "ChatEvent" e where e."messageId" = m.id and e.event = 'message.created' and e."publishedAt" is not null
        order by e."publishedAt" limit 1)
      union all
      select 'attempt', e.seq, e.data->>'status', e."createdAt", e."createdAt", e.data->'attempt'
        from "ChatEvent" e where e."messageId" = m.id and e.data->>'by' = 'us'
      union all
      select 'status', coalesce(s.seq, 0), s.status, s."happenedAt", s."receivedAt", null
        from "MessageStatus" s where s."messageId" = m.id) s on true
    where m.id = ${messageId}::int and exists (
      select from "Chat" c where c.id = m."chatId" and c."organizationId" = ${organizationId}::int)`);
  return toTrace(rows);
}

/** The message with one step; `source` is null when the message has no steps besides its own times. */
export type TraceRow = {
  messageId: number;
  chatId: number;
  fromMe: boolean;
  agentId: number | null;
  createdAt: Moment;
  receivedAt: Moment;
  spooledAt: Moment | null;
  storedAt: Moment;
} & (
  | { source: null }
  | {
      /** The first publication to a socket, an attempt to send it, or a status that Meta reported. */
      source: "published" | "attempt" | "status";
      seq: number;
      step: string;
      at: Moment;
      /** The same by our clock: when a status was received. */
      ourAt: Moment;
      attempt: AttemptRecord | null;
    }
);

/** Steps at the same time by our clock are in this order, and those of one kind in the order of their numbers. */
const ORDER = ["written", "received", "spooled", "stored", "published", "attempt", "status"] as const;

type Placed = { kind: (typeof ORDER)[number]; seq: number; ourAt: Moment; step: TraceStep };

/**
 * Null without rows: there is no such message.
 * @internal
 */
export function toTrace(rows: TraceRow[]): Trace | null {
  const [message] = rows;
  if (!message) return null;
  const { messageId, chatId, fromMe } = message;
  const placed = [...stepsOfMessage(message), ...rows.flatMap(toStep)];
  placed.sort(
    (a, b) =>
      Number(new Date(a.ourAt)) - Number(new Date(b.ourAt)) ||
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      a.seq - b.seq,
  );
  return { messageId, chatId, fromMe, steps: placed.map(({ step }) => step) };
}

/** The steps that the message's own row records. */
function stepsOfMessage({ agentId, createdAt, receivedAt, spooledAt, storedAt }: TraceRow): Placed[] {
  const ours = (kind: "received" | "spooled" | "stored", at: Moment): Placed => ({
    ...{ kind, seq: 0, ourAt: at },
    step: { step: kind, at: rfc3339(at), clock: "ours" },
  });
  const written: Placed = {
    ...{ kind: "written", seq: 0, ourAt: receivedAt },
    step: { step: "written", at: rfc3339(createdAt), clock: "meta" },
  };
  return [
    // An agent's message has only our time: when it was received.
    ...(agentId === null ? [written] : []),
    ours("received", receivedAt),
    ...(spooledAt === null ? [] : [ours("spooled", spooledAt)]),
    ours("stored", storedAt),
  ];
}

function toStep(row: TraceRow): Placed[] {
  if (row.source === null) return [];
  const { source, seq, ourAt } = row;
  const at = rfc3339(row.at);
  switch (source) {
    case "published":
      return [{ kind: source, seq, ourAt, step: { step: row.step, at, clock: "ours" } }];
    case "attempt":
      return [
        { kind: source, seq, ourAt, step: { step: row.step, at, clock: "ours", attempt: row.attempt } },
      ];
    case "status": {
      const step: TraceStep = { step: row.step, at, clock: "meta", receivedAt: rfc3339(ourAt) };
      return [{ kind: source, seq, ourAt, step }];
    }
  }
}
