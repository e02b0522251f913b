/** How the endpoint behaves beyond its default, which is kind. Shares are from 0 (never) to 1 (always). */
export type NeonFaults = {
  /** Cancels the statement of a client that has gone, as the proxy does. It may commit nevertheless. */
  cancelsAbandoned: boolean;
  /** What Postgres says of a query is 400 with its code, also a shutdown; a failed connection is 500 without one. */
  hasProxyStatuses: boolean;
  /** Resets a session between two requests, but not its plans. */
  resetsSessions: boolean;
  /** Larger requests get 413, larger answers 507. The proxy's code has 10 MiB by default, Neon's documentation 64 MB. */
  limitBytes: number;
  /** Connections that are kept. Above them each request opens a new one; above `permits` it is refused. Null: all wait. */
  connections: { kept: number; permits: number } | null;
  /** Share of requests that the proxy refuses before Postgres: connect, rate, quota or wake-up; 500 without a code. */
  refusals: number;
  /** Share of requests that Postgres refuses because it shuts down: 57P01. */
  shutdowns: number;
  /** Share of answers that come late, after a time between these. The statement has been carried out by then. */
  delays: { share: number; minMs: number; maxMs: number };
};

/** The limit in https://neon.com/docs/serverless/serverless-driver. */
const DOCUMENTED_LIMIT_BYTES = 64 * 1024 * 1024;

export const KIND: NeonFaults = {
  cancelsAbandoned: false,
  hasProxyStatuses: false,
  resetsSessions: false,
  limitBytes: DOCUMENTED_LIMIT_BYTES,
  connections: null,
  refusals: 0,
  shutdowns: 0,
  delays: { share: 0, minMs: 500, maxMs: 20_000 },
};

/**
 * Neon's proxy on a bad day, by its code's defaults:
 * https://github.com/neondatabase/neon/tree/6a35a3e9/proxy/src/serverless
 * @internal
 */
export const UNKIND: NeonFaults = {
  cancelsAbandoned: true,
  hasProxyStatuses: true,
  resetsSessions: true,
  limitBytes: 10 * 1024 * 1024,
  connections: { kept: 20, permits: 100 },
  refusals: 0.01,
  shutdowns: 0.01,
  delays: { share: 0.02, minMs: 500, maxMs: 20_000 },
};

const isBoolean = (value: unknown) => typeof value === "boolean";
const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;
const fieldsOf = (value: unknown) => (typeof value === "object" && value !== null ? { ...value } : {});

type Fields = Record<string, unknown>;

const CHECKS: Record<keyof NeonFaults, { isValid: (value: unknown) => boolean; wants: string }> = {
  cancelsAbandoned: { isValid: isBoolean, wants: "true or false" },
  hasProxyStatuses: { isValid: isBoolean, wants: "true or false" },
  resetsSessions: { isValid: isBoolean, wants: "true or false" },
  limitBytes: { isValid: isCount, wants: "a number of bytes" },
  connections: {
    isValid: (value) => {
      const { kept, permits } = fieldsOf(value) as Fields;
      return value === null || (isCount(kept) && isCount(permits));
    },
    wants: "null, or kept and permits, two numbers of connections",
  },
  refusals: { isValid: isShare, wants: "a share from 0 to 1" },
  shutdowns: { isValid: isShare, wants: "a share from 0 to 1" },
  delays: {
    isValid: (value) => {
      const { share, minMs, maxMs } = fieldsOf(value) as Fields;
      return isShare(share) && isCount(minMs) && isCount(maxMs) && Number(minMs) <= Number(maxMs);
    },
    wants: "share, minMs and maxMs",
  },
};

/** The given faults, everything else kind. Throws an error that names the wrong field. */
export function readFaults(given: unknown): NeonFaults {
  if (typeof given !== "object" || given === null) throw new Error("The body must be a JSON object.");
  for (const [name, value] of Object.entries(given)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof NeonFaults] : null;
    if (!check) throw new Error(`${name} is no fault; known are ${Object.keys(CHECKS).join(", ")}.`);
    if (!check.isValid(value)) throw new Error(`${name} must be ${check.wants}.`);
  }
  return { ...KIND, ...given };
}

const REFUSALS = [
  "connection to the compute failed",
  "too many requests",
  "the quota of the project is exceeded",
  "the compute could not be woken up",
];

/** What a request meets before Postgres; null for nothing. `random`: in [0, 1). */
export function refusalOf(
  { refusals, shutdowns }: NeonFaults,
  random: () => number,
): { status: number; body: string } | null {
  const met = random();
  if (met < refusals) {
    const message = REFUSALS[Math.floor(random() * REFUSALS.length)];
    return { status: 500, body: JSON.stringify({ message }) };
  }
  if (met >= refusals + shutdowns) return null;
  const message = "terminating connection due to administrator command";
  return { status: 400, body: JSON.stringify({ message, code: "57P01", severity: "FATAL" }) };
}

/** For how long an answer is held back. */
export function delayOf({ delays }: NeonFaults, random: () => number): number {
  if (random() >= delays.share) return 0;
  return Math.round(delays.minMs + random() * (delays.maxMs - delays.minMs));
}
