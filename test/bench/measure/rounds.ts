import { machineCpuMs, treeCpuMs } from "./cpu.ts";

/** The share of the machine's CPU time that other programs may use during a measurement. */
const MAX_FOREIGN_SHARE = 0.15;

export type Contender<Result> = { name: string; run: (round: number) => Promise<Result> };

export type Rounds<Result> = {
  /** By contender, one result per round. */
  results: Record<string, Result[]>;
  /** Rounds that were discarded and repeated. */
  discarded: number;
  /** Rounds that count although the machine was busy, because no more could be repeated. */
  noisy: number;
};

export type RoundsOptions = { quick: boolean; log: (line: string) => void };

const ROUNDS = { quick: 3, full: 5 };
const MAX_REPEATS = { quick: 1, full: 5 };

/**
 * Runs all contenders in turn (A B, A B, …), so that other load on the machine affects all of them. Discards and repeats a
 * round in which other programs used more than 15 % of the CPU, up to a maximum.
 */
export async function interleave<Result>(
  contenders: Contender<Result>[],
  { quick, log }: RoundsOptions,
): Promise<Rounds<Result>> {
  const results: Record<string, Result[]> = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  const pace = quick ? "quick" : "full";
  let busiest = 0;
  let discarded = 0;
  let noisy = 0;
  for (let round = 0; round < ROUNDS[pace]; ) {
    const mayRepeat = discarded < MAX_REPEATS[pace];
    const measured = await runRound(contenders, round, mayRepeat);
    busiest = Math.max(busiest, measured.foreignShare);
    const isQuiet = measured.foreignShare <= MAX_FOREIGN_SHARE;
    if (!isQuiet && mayRepeat) {
      discarded++;
      continue;
    }
    if (!isQuiet) noisy++;
    for (const [name, result] of measured.results) results[name]?.push(result);
    round++;
  }
  if (discarded > 0) {
    const percent = Math.round(busiest * 100);
    log(`  other programs used up to ${percent} % of the CPU: ${discarded} rounds repeated, ${noisy} not`);
  }
  return { results, discarded, noisy };
}

/** Stops early when the machine is busy and the round will be repeated. */
async function runRound<Result>(contenders: Contender<Result>[], round: number, mayRepeat: boolean) {
  const results: [string, Result][] = [];
  let maxForeignShare = 0;
  for (const { name, run } of contenders) {
    const { result, foreignShare } = await measureForeignShare(() => run(round));
    results.push([name, result]);
    maxForeignShare = Math.max(maxForeignShare, foreignShare);
    if (mayRepeat && foreignShare > MAX_FOREIGN_SHARE) break;
  }
  return { results, foreignShare: maxForeignShare };
}

/** Runs `work`, and measures the share of the machine's CPU time that other programs used in that time. */
async function measureForeignShare<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; foreignShare: number }> {
  const before = await cpuTimes();
  const result = await work();
  const after = await cpuTimes();
  const foreignMs = after.busyMs - before.busyMs - (after.oursMs - before.oursMs);
  return { result, foreignShare: Math.max(0, foreignMs / (after.totalMs - before.totalMs)) };
}

async function cpuTimes() {
  const [machine, oursMs] = await Promise.all([machineCpuMs(), treeCpuMs(process.pid)]);
  return { ...machine, oursMs };
}

/** A note about busy rounds; undefined when there were none. */
export function roundsNote({ noisy }: Pick<Rounds<unknown>, "noisy">): string | undefined {
  return noisy > 0 ? `${noisy} rounds on a busy machine` : undefined;
}
