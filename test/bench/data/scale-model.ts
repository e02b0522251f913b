// Costs and utilization by the prices and limits published in November 2026; docs/scale.md has the sources.

/** Shares of all messages; and, per message, the number of events of its chat. As in seed-statements.ts. */
export const MIX = { fromCustomers: 0.55, fromAgents: 0.45, statusesOfEach: 3, chatEvents: 3.3 };

/** In dollars. The plan for $5 a month includes the `included` amounts. */
export const PRICES = {
  workerRequests: { perMillion: 0.3, included: 10e6 },
  workerCpuMs: { perMillion: 0.02, included: 30e6 },
  objectRequests: { perMillion: 0.15, included: 1e6 },
  objectGbSeconds: { perMillion: 12.5, included: 400e3 },
  workersPaid: 5,
  computeHour: { Launch: 0.106, Scale: 0.222 },
  storageGbMonth: 0.35,
  historyGbMonth: 0.2,
};

const LIMITS = {
  objectRequestsPerSecond: 1_000,
  objectMemoryGb: 0.128,
  storageTb: 16,
  /** "Message".id is a 32-bit integer. */
  messageIds: 2 ** 31,
  numberMessagesPerSecond: 80,
};

/** Assumptions that are not measured. */
const ASSUMED = {
  /** The busiest hour ÷ the average. */
  peak: 4,
  /** Per request. */
  workerCpuMs: 2,
  /** For restoring to a point in time. */
  historyDays: 7,
  /** Of the inboxes, per day. */
  hoursOpen: 8,
  /** Of the inboxes, per month. */
  daysOpen: 22,
  /** The share of changes whose chat an agent has open. */
  watchedShare: 0.3,
};

/** The time of the hub's thread to send one change to one inbox, measured with 1,000 sockets. */
const HUB_MS_PER_SOCKET = 0.053;

const DAY_S = 86_400;
const MONTH_DAYS = 30;

export type Scenario = {
  name: string;
  messagesPerDay: number;
  organizations: number;
  agentsOfEach: number;
  batch: 1 | 10 | 64;
  /** Of Neon. */
  plan: "Launch" | "Scale";
};

export const SCENARIOS: Scenario[] = [
  {
    name: "10,000 a month",
    messagesPerDay: 1e4 / 30,
    organizations: 1,
    agentsOfEach: 3,
    batch: 1,
    plan: "Launch",
  },
  {
    name: "1 million a month",
    messagesPerDay: 1e6 / 30,
    organizations: 1,
    agentsOfEach: 20,
    batch: 1,
    plan: "Launch",
  },
  {
    name: "100 million a month",
    messagesPerDay: 1e8 / 30,
    organizations: 30,
    agentsOfEach: 20,
    batch: 10,
    plan: "Scale",
  },
  {
    name: "1 million a day",
    messagesPerDay: 1e6,
    organizations: 10,
    agentsOfEach: 20,
    batch: 1,
    plan: "Scale",
  },
  {
    name: "1 million a day, 10 × 1,000 agents",
    messagesPerDay: 1e6,
    organizations: 10,
    agentsOfEach: 1_000,
    batch: 1,
    plan: "Scale",
  },
  {
    name: "100 million a day",
    messagesPerDay: 1e8,
    organizations: 1_000,
    agentsOfEach: 20,
    batch: 64,
    plan: "Scale",
  },
];

/** The CPU time and the WAL of Postgres for one operation, such as an event, a send or a page. */
export type Measured = { cpuMs: number; walBytes: number };

export type Inputs = {
  /** By operation. */
  each: Record<string, Measured>;
  /** On the disk, for a message with its statuses, events and index entries. */
  bytesPerMessage: number;
};

/** The costs of a month and the utilization of each part, by label. */
export function monthOf(scenario: Scenario, { each, bytesPerMessage }: Inputs): Record<string, string> {
  const { messagesPerDay, organizations, agentsOfEach, batch, plan } = scenario;
  const cpuOf = (name: string) => each[name]?.cpuMs ?? Number.NaN;
  const walOf = (name: string) => each[name]?.walBytes ?? Number.NaN;
  const suffix = batch === 1 ? "alone" : `of ${batch}`;

  const messages = messagesPerDay * MONTH_DAYS;
  const perSecond = (messagesPerDay / DAY_S) * ASSUMED.peak;
  const webhooksOfEach = MIX.fromCustomers + MIX.fromAgents * MIX.statusesOfEach;
  const webhooks = messages * webhooksOfEach;
  const sends = messages * MIX.fromAgents;
  const agents = organizations * agentsOfEach;
  const openSeconds = ASSUMED.hoursOpen * 3_600 * ASSUMED.daysOpen;
  // An agent opens a chat every two minutes, which takes three requests: the list, a page, mark as read.
  const reads = (agents * openSeconds * 3) / 120;

  const requests = webhooks + sends + reads;
  const workers =
    charge(requests, PRICES.workerRequests) + charge(requests * ASSUMED.workerCpuMs, PRICES.workerCpuMs);

  // An inbox sends an `ack` every second while rows arrive; Cloudflare bills twenty frames as one request.
  const hubChangesPerSecond = (perSecond * MIX.chatEvents) / organizations;
  const acks = (agents * openSeconds * Math.min(1, hubChangesPerSecond / ASSUMED.peak)) / 20;
  const published = messages * MIX.chatEvents * ASSUMED.watchedShare + webhooks / batch;
  const objectRequests = webhooks + sends * 3 + published + acks;
  const shards = Math.max(1, Math.ceil((perSecond * webhooksOfEach) / (LIMITS.objectRequestsPerSecond / 3)));
  const awake = Math.min(organizations, 1e4) * (ASSUMED.hoursOpen / 24) + shards;
  const objects =
    charge(objectRequests, PRICES.objectRequests) +
    charge(awake * LIMITS.objectMemoryGb * DAY_S * MONTH_DAYS, PRICES.objectGbSeconds);

  const cpuPerMessage =
    MIX.fromCustomers * cpuOf(`a text, ${suffix}`) +
    MIX.fromAgents *
      (cpuOf("a send: written, claimed, settled") + MIX.statusesOfEach * cpuOf(`a status, ${suffix}`));
  const cores = (perSecond * cpuPerMessage + (reads / openSeconds) * cpuOf("a chat page of 50")) / 1_000;
  // Half of the capacity is idle at the peak. The smallest compute has a quarter of a core.
  const units = cores * 2 > 1 ? Math.ceil(cores * 2) : Math.max(0.25, Math.ceil(cores * 8) / 4);
  const compute = units * PRICES.computeHour[plan] * 24 * MONTH_DAYS;
  const walPerMessage =
    MIX.fromCustomers * walOf(`a text, ${suffix}`) +
    MIX.fromAgents *
      (walOf("a send: written, claimed, settled") + MIX.statusesOfEach * walOf(`a status, ${suffix}`));
  const gbPerMonth = (messages * bytesPerMessage) / 1e9;
  const history = (messagesPerDay * walPerMessage * ASSUMED.historyDays) / 1e9;

  return {
    "messages a second, average; busiest hour": `${show(messagesPerDay / DAY_S)}; ${show(perSecond)}`,
    "webhooks a second, busiest hour": show(perSecond * webhooksOfEach),
    "Workers: requests a month": `${show(requests / 1e6)} M`,
    "Workers: dollars a month": show(workers),
    "objects: requests a month": `${show(objectRequests / 1e6)} M`,
    "objects: dollars a month": show(objects),
    "Intake: shards for the busiest hour": show(shards),
    "Sender: numbers for the busiest hour (80 a second each, in and out)": show(
      Math.ceil(perSecond / LIMITS.numberMessagesPerSecond),
    ),
    "InboxHub: chat changes a second of one organization": show(hubChangesPerSecond),
    "InboxHub: share of its one thread": `${show(hubChangesPerSecond * agentsOfEach * HUB_MS_PER_SOCKET * 0.1)} %`,
    "Postgres: cores busy in the busiest hour": show(cores),
    "Postgres: compute, units; dollars a month": `${show(units)}; ${show(compute)}`,
    "Postgres: GB more each month; dollars a month, each month more": `${show(gbPerMonth)}; ${show(gbPerMonth * PRICES.storageGbMonth)}`,
    "Postgres: 7 days of history, GB; dollars a month": `${show(history)}; ${show(history * PRICES.historyGbMonth)}`,
    "all: dollars in the first month": show(
      PRICES.workersPaid +
        workers +
        objects +
        compute +
        gbPerMonth * PRICES.storageGbMonth +
        history * PRICES.historyGbMonth,
    ),
    "Postgres: days until 16 TB": show((LIMITS.storageTb * 1e12) / (messagesPerDay * bytesPerMessage)),
    'Postgres: days until the integers of "Message" are used up': show(LIMITS.messageIds / messagesPerDay),
  };
}

function charge(amount: number, { perMillion, included }: { perMillion: number; included: number }): number {
  return (Math.max(0, amount - included) / 1e6) * perMillion;
}

function show(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en", { maximumFractionDigits: 2 });
}
