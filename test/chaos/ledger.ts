import type { SendResult } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import type { FaultPeriod } from "./faults.ts";
import type { Settled } from "./settle.ts";
import type { System } from "./system.ts";

/** Meta's codes for messages that it refused before processing: only these may be sent again. */
const RETRYABLE_CODES = [4, 80007, 130429, 131056];

/** Accepted, pending, refused by Meta, or still in progress when the client gave up. */
const EXPECTED_STATUSES = [200, 202, 422, 502, 409];

type Call = {
  path: string;
  body: { biz_opaque_callback_data?: string } | null;
  accepted: string | null;
  answer: { status: number | null; code: number | null } | null;
};

type Row = { id: number; wamid: string | null; status: string; idempotencyKey: string | null };

/** What every run checks: that it settled, that each delivered event is stored once, and that events have no gaps. */
export async function baseDifferences(
  system: System,
  deliveries: Deliveries,
  { unsettled }: Settled,
): Promise<string[]> {
  return [
    ...unsettled.map((what) => `not settled: ${what}`),
    ...(await inboundDifferences(system, deliveries)),
    ...(await numberingDifferences(system)),
  ];
}

/** The differences between the events that Meta delivered and those that are stored. */
async function inboundDifferences({ query }: System, deliveries: Deliveries): Promise<string[]> {
  const stored = await query<{ key: string }>(`
    select 'message ' || p."wabaPhoneNumberId" || ' ' || m.wamid as key
      from "Message" m join "OrganizationPhone" p on p.id = m."organizationPhoneId" where m.wamid like 'wamid.chaos%'
    union all
    select 'status ' || p."wabaPhoneNumberId" || ' ' || s.wamid || ' ' || s.status
      from "MessageStatus" s join "OrganizationPhone" p on p.id = s."organizationPhoneId" where s.wamid like 'wamid.chaos%'`);
  const keys = new Set(stored.map(({ key }) => key));
  const { acknowledged, generated } = deliveries;
  const raw = await query<{ reason: string | null }>('select reason from "WebhookEvent"');
  return [
    ...[...acknowledged].filter((key) => !keys.has(key)).map((key) => `acknowledged, not stored: ${key}`),
    ...[...generated].filter((key) => !acknowledged.has(key)).map((key) => `never acknowledged: ${key}`),
    ...[...keys].filter((key) => !generated.has(key)).map((key) => `stored, never generated: ${key}`),
    ...(stored.length === keys.size ? [] : [`${stored.length - keys.size} duplicate rows`]),
    ...raw.map(({ reason }) => `stored raw: ${reason}`),
  ];
}

/** Chats whose events are not numbered 1…head. */
async function numberingDifferences({ query }: System): Promise<string[]> {
  const rows = await query<{ id: number; head: number; count: number; first: number; last: number }>(`
    select c.id, c.head, count(e.seq)::int, min(e.seq) as first, max(e.seq) as last
      from "Chat" c left join "ChatEvent" e on e."chatId" = c.id group by c.id
      having c.head <> count(e.seq) or min(e.seq) <> 1 or max(e.seq) <> c.head`);
  return rows.map(({ id, ...numbers }) => `chat ${id} is not numbered 1…head: ${JSON.stringify(numbers)}`);
}

export type Outbound = {
  differences: string[];
  calls: number;
  accepted: number;
  byStatus: Record<string, number>;
};

/** Compares the sends in Meta's ledger, in our rows and in the agents' responses. */
export async function compareSends(
  { query, simulatorUrl }: System,
  results: SendResult[],
  periods: FaultPeriod[],
): Promise<Outbound> {
  const response = await fetch(`${simulatorUrl}/simulator/requests`);
  const { data } = (await response.json()) as { data: Call[] };
  const calls = data.filter(({ path, body }) => path.endsWith("/messages") && body?.biz_opaque_callback_data);
  const rows = await query<Row>(
    `select id, wamid, status, "idempotencyKey" from "Message" where "agentId" is not null order by id`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byTag = Map.groupBy(calls, ({ body }) => Number(body?.biz_opaque_callback_data?.split(".").at(-1)));
  const differences: string[] = [];
  for (const [id, callsOfMessage] of byTag) {
    const possible = callsOfMessage.filter(mayBeAccepted);
    if (possible.length > 1)
      differences.push(`message ${id}: ${possible.length} calls may have been accepted`);
    const row = byId.get(id);
    if (!row) differences.push(`message ${id} was sent and has no row`);
    for (const { accepted } of callsOfMessage) {
      if (row && accepted !== null && row.wamid !== accepted) {
        differences.push(`message ${id} was accepted and is ${row.status} without its wamid`);
      }
    }
  }
  const rowsByKey = Map.groupBy(rows, ({ idempotencyKey }) => idempotencyKey);
  for (const { key, status, messageId, ...tried } of results) {
    if (!EXPECTED_STATUSES.includes(status))
      differences.push(`key ${key} got ${responseText(status)} ${during(tried, periods)}`);
    const rowsOfKey = rowsByKey.get(key) ?? [];
    if (rowsOfKey.length > 1) differences.push(`key ${key} has ${rowsOfKey.length} messages`);
    if (messageId !== null && rowsOfKey[0]?.id !== messageId)
      differences.push(`key ${key} got the id ${messageId}, its row has ${rowsOfKey[0]?.id}`);
    if (status === 200 && rowsOfKey[0]?.wamid == null)
      differences.push(`key ${key} got a 200 and has no wamid`);
  }
  for (const { id, status } of rows) {
    if (status === "queued" || status === "sending") differences.push(`message ${id} is still ${status}`);
  }
  const accepted = calls.filter((call) => call.accepted !== null).length;
  if (accepted === 0) differences.push("nothing was sent");
  const byStatus = Object.fromEntries(
    [...Map.groupBy(rows, ({ status }) => status)].map(([status, group]) => [status, group.length]),
  );
  return { differences, calls: calls.length, accepted, byStatus };
}

/** The caller's view: a call without a response, or with an error that leaves it open, may have been accepted. */
function mayBeAccepted({ answer }: Call): boolean {
  if (!answer || answer.status === null) return true;
  return !(answer.code !== null && RETRYABLE_CODES.includes(answer.code));
}

export function responseText(status: number): string {
  return status === 0 ? "no response" : `a ${status}`;
}

/** How long an agent tried, and which faults occurred in that time (in seconds from the first try). */
function during({ fromMs, untilMs }: Pick<SendResult, "fromMs" | "untilMs">, periods: FaultPeriod[]): string {
  const since = (ms: number) => ((ms - fromMs) / 1000).toFixed(1);
  const faults = periods
    .filter((period) => period.untilMs > fromMs && period.fromMs < untilMs)
    .map((period) => `${period.kind} ${since(period.fromMs)}…${since(period.untilMs)}`);
  return `for ${since(untilMs)} s; faults: ${faults.join(", ") || "none"}`;
}
