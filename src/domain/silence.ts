/** An hour in which messages came in for a number. */
export type InboundHour = {
  /** Its beginning. */
  hour: Date;
  /** Bit n: a message came in during the n-th five minutes. */
  slots: number;
};

export type InboundHabit = {
  lastInboundAt: Date;
  /** Since when the number's messages are known. */
  knownSince: Date;
  /** Of the four weeks before; an hour that is missing had no message. */
  hours: readonly InboundHour[];
};

/** How long nothing has come in, and how often something usually does. */
export type Silence = { silentMs: number; usualGapMs: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SLOT_MS = 5 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
const WEEKS = [1, 2, 3, 4];
const LEAST_MS = 30 * MINUTE_MS;
/** If messages came by chance, so much would stay away once in 3,000 times. */
const EXPECTED_SLOTS = 8;

/**
 * Whether a number is silent against its own habit; null while it is not, or too little is known of it. The time since the last
 * message is compared with the same hours of the last four weeks: in most of them at least eight periods of five minutes had a
 * message, and one of them within the last hour (or twice the usual gap), so that a number that sleeps at night raises nothing then.
 * Never before 30 minutes, nor with less than two weeks to compare. Hours are UTC: on the morning after clocks went back, a number
 * that opens an hour later may seem silent until its first message.
 */
export function silenceOf({ lastInboundAt, knownSince, hours }: InboundHabit, now: Date): Silence | null {
  const nowMs = now.getTime();
  const silentMs = nowMs - lastInboundAt.getTime();
  if (silentMs < LEAST_MS) return null;
  const from = Math.max(lastInboundAt.getTime(), nowMs - WEEK_MS);
  const weeks = WEEKS.filter((week) => knownSince.getTime() <= from - week * WEEK_MS);
  if (weeks.length < 2) return null;
  const busy = hours.flatMap(startsOfSlots);
  const usualSince = (since: number) =>
    lowerMedian(
      weeks.map((week) => {
        const moved = week * WEEK_MS;
        return busy.filter((at) => at >= since - moved && at < nowMs - moved).length;
      }),
    );
  const expected = usualSince(from);
  if (expected < EXPECTED_SLOTS) return null;
  const usualGapMs = (nowMs - from) / expected;
  if (usualSince(nowMs - Math.max(HOUR_MS, 2 * usualGapMs)) === 0) return null;
  return { silentMs, usualGapMs };
}

function startsOfSlots({ hour, slots }: InboundHour): number[] {
  return Array.from({ length: 12 }, (_, n) => n)
    .filter((n) => slots & (1 << n))
    .map((n) => hour.getTime() + n * SLOT_MS);
}

function lowerMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
