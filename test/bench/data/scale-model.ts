// Prices and limits as published in November 2026, and what follows from them; docs/scale.md has the addresses.

/** Of all messages; and how many events of its chat each brings. What test/bench/data/seed-statements.ts fills in. */
export const MIX = { fromCustomers: 0.55, fromAgents: 0.45, statusesOfEach: 3, chatEvents: 3.3 };

/** In dollars; what is included in the plan of $5 is taken off. */
export const PRICES = {
  workerRequests: { perMillion: 0.3, included: 10e6 },
  workerCpuMs: { perMillion: 0.02, included: 30e6 },
  objectRequests: { perMillion: 0.15, included: 1e6 },
  objectGbSeconds: { perMillion: 12.5, included: 400e3 },
  computeHour: 0.222,
  storageGbMonth: 0.35,
  historyGbMonth: 0.2,
};

const LIMITS = {
  objectRequestsPerSecond: 1_000,
  objectMemoryGb: 0.128,
  storageTb: 16,
  /** Two to the 31st: "Message".id is an integer. */
  messageIds: 2 ** 31,
  numberMessagesPerSecond: 80,
};

/** Assumed, not measured: the busiest hour against the average; CPU of the Worker for a request; days kept for restoring. */
const ASSUMED = { peak: 4, workerCpuMs: 2, historyDays: 7, hoursOpen: 8, daysOpen: 22, watchedShare: 0.3 };

/** One change of a chat to this many inboxes takes the hub's one thread so long (reference measurement, 1,000 sockets). */
const HUB_MS_PER_SOCKET = 0.053;

const DAY_S = 86_400;
const MONTH_DAYS = 30;

export type Scenario = {
  name: string;
  messagesPerDay: number;
  organizations: number;
  agentsOfEach: number;
  batch: 1 | 10 | 64;
};

export const SCENARIOS: Scenario[] = [
  { name: "1 million a day", messagesPerDay: 1e6, organizations: 10, agentsOfEach: 20, batch: 1 },
  {
    name: "1 million a day, 10 × 1,000 agents",
    messagesPerDay: 1e6,
    organizations: 10,
    agentsOfEach: 1_000,
    batch: 1,
  },
  { name: "100 million a day", messagesPerDay: 1e8, organizations: 1_000, agentsOfEach: 20, batch: 64 },
];

/** CPU of Postgres in ms and WAL in bytes, of one thing: an event, a send, a page. */
export type Measured = { cpuMs: number; walBytes: number };

/** What was measured, by its name; and the bytes a message takes on the disk with all that comes with it. */
export type Inputs = { each: Record<string, Measured>; bytes: number };

/** What a month of it costs and how near each part comes to its limit, line by line. */
export function monthOf(scenario: Scenario, { each, bytes }: Inputs): Record<string, string> {
  const { messagesPerDay, organizations, agentsOfEach, batch } = scenario;
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
  // An agent opens a chat every two minutes: the list's row, a page, a mark as read.
  const reads = (agents * openSeconds * 3) / 120;

  const requests = webhooks + sends + reads;
  const workers =
    charge(requests, PRICES.workerRequests) + charge(requests * ASSUMED.workerCpuMs, PRICES.workerCpuMs);

  // An inbox says `ack` once a second while rows come; twenty frames count as one request.
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
  // Half of it idle at the peak.
  const units = Math.max(0.25, Math.ceil(cores * 2));
  const walPerMessage =
    MIX.fromCustomers * walOf(`a text, ${suffix}`) +
    MIX.fromAgents *
      (walOf("a send: written, claimed, settled") + MIX.statusesOfEach * walOf(`a status, ${suffix}`));
  const gbPerMonth = (messages * bytes) / 1e9;
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
    "Postgres: compute, units; dollars a month": `${show(units)}; ${show(units * PRICES.computeHour * 24 * MONTH_DAYS)}`,
    "Postgres: GB more each month; dollars a month, each month more": `${show(gbPerMonth)}; ${show(gbPerMonth * PRICES.storageGbMonth)}`,
    "Postgres: 7 days of history, GB; dollars a month": `${show(history)}; ${show(history * PRICES.historyGbMonth)}`,
    "Postgres: days until 16 TB": show((LIMITS.storageTb * 1e12) / (messagesPerDay * bytes)),
    'Postgres: days until the integers of "Message" are used up': show(LIMITS.messageIds / messagesPerDay),
  };
}

function charge(amount: number, { perMillion, included }: { perMillion: number; included: number }): number {
  return (Math.max(0, amount - included) / 1e6) * perMillion;
}

function show(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en", { maximumFractionDigits: 2 });
}
