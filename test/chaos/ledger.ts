import type { Sent } from "./agents.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Spell } from "./faults.ts";
import type { System } from "./system.ts";

/** Meta's codes for what it refused before processing: only after these may a message be sent again. */
const REFUSED_CODES = [4, 80007, 130429, 131056];

/** Accepted, on its way, refused by Meta, or still under way when the client had no more patience. */
const EXPECTED_ANSWERS = [200, 202, 422, 502, 409];

type Call = {
  path: string;
  body: { biz_opaque_callback_data?: string } | null;
  accepted: string | null;
  answer: { status: number | null; code: number | null } | null;
};

type Row = { id: number; wamid: string | null; status: string; idempotencyKey: string | null };

/** Every difference between what Meta delivered and what is stored. */
export async function inboundDifferences({ query }: System, deliveries: Deliveries): Promise<string[]> {
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
    ...(stored.length === keys.size ? [] : [`${stored.length - keys.size} rows twice`]),
    ...raw.map(({ reason }) => `kept raw: ${reason}`),
  ];
}

/** Every chat whose events are not numbered 1…head. */
export async function numberingDifferences({ query }: System): Promise<string[]> {
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

/** What was sent, by Meta's ledger, by our rows and by what the agents were told. */
export async function outbound(
  { query, simulatorUrl }: System,
  sent: Sent[],
  spells: Spell[],
): Promise<Outbound> {
  const answer = await fetch(`${simulatorUrl}/simulator/requests`);
  const { data } = (await answer.json()) as { data: Call[] };
  const calls = data.filter(({ path, body }) => path.endsWith("/messages") && body?.biz_opaque_callback_data);
  const rows = await query<Row>(
    `select id, wamid, status, "idempotencyKey" from "Message" where "agentId" is not null order by id`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byTag = Map.groupBy(calls, ({ body }) => Number(body?.biz_opaque_callback_data?.split(".").at(-1)));
  const differences: string[] = [];
  for (const [id, made] of byTag) {
    const possible = made.filter(mayBeAccepted);
    if (possible.length > 1)
      differences.push(`message ${id}: ${possible.length} calls may have been accepted`);
    const row = byId.get(id);
    if (!row) differences.push(`message ${id} was sent and has no row`);
    for (const { accepted } of made) {
      if (row && accepted !== null && row.wamid !== accepted) {
        differences.push(`message ${id} was accepted and is ${row.status} without its wamid`);
      }
    }
  }
  const keys = Map.groupBy(rows, ({ idempotencyKey }) => idempotencyKey);
  for (const { key, status, messageId, ...tried } of sent) {
    if (!EXPECTED_ANSWERS.includes(status))
      differences.push(`key ${key} was answered ${status || "not at all"} ${during(tried, spells)}`);
    const made = keys.get(key) ?? [];
    if (made.length > 1) differences.push(`key ${key} has ${made.length} messages`);
    if (messageId !== null && made[0]?.id !== messageId)
      differences.push(`key ${key} was told message ${messageId}`);
    if (status === 200 && made[0]?.wamid == null)
      differences.push(`key ${key} was told 200 and has no wamid`);
  }
  for (const { id, status } of rows) {
    if (status === "queued" || status === "sending") differences.push(`message ${id} is still ${status}`);
  }
  const accepted = calls.filter((call) => call.accepted !== null).length;
  if (accepted === 0) differences.push("nothing was sent");
  const byStatus = Object.fromEntries(
    [...Map.groupBy(rows, ({ status }) => status)].map(([status, some]) => [status, some.length]),
  );
  return { differences, calls: calls.length, accepted, byStatus };
}

/** As the caller must see it: also what was cut off, or answered by an error that says nothing. */
function mayBeAccepted({ answer }: Call): boolean {
  if (!answer || answer.status === null) return true;
  return !(answer.code !== null && REFUSED_CODES.includes(answer.code));
}

/** How long somebody tried, and what failed meanwhile (in seconds from the first try). */
function during({ fromMs, untilMs }: Pick<Sent, "fromMs" | "untilMs">, spells: Spell[]): string {
  const since = (ms: number) => ((ms - fromMs) / 1000).toFixed(1);
  const meanwhile = spells
    .filter((spell) => spell.untilMs > fromMs && spell.fromMs < untilMs)
    .map((spell) => `${spell.kind} ${since(spell.fromMs)}…${since(spell.untilMs)}`);
  return `for ${since(untilMs)} s; meanwhile: ${meanwhile.join(", ") || "nothing"}`;
}
