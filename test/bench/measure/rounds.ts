import { machineCpuMs, treeCpuMs } from "./cpu.ts";

/** What others may use of the machine's whole CPU time while we measure. */
const FOREIGN_LIMIT = 0.15;

export type Contender<Result> = { name: string; run: (round: number) => Promise<Result> };

export type Rounds<Result> = {
  /** By contender, one result per round. */
  results: Record<string, Result[]>;
  /** Rounds that were thrown away and repeated. */
  discarded: number;
  /** Rounds that count although the machine was not calm, because there had been too many of those. */
  noisy: number;
};

export type RoundsOptions = { quick: boolean; log: (line: string) => void };

const ROUNDS = { quick: 3, full: 5 };
/** So many rounds are repeated at most. */
const REPEATS = { quick: 1, full: 5 };

/**
 * Runs all contenders in turn (A B, A B, …), so that whatever changes on the machine meets all of them. A round in which
 * other programs took more than 15 % of the CPU is thrown away and repeated; but not for ever.
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
    const mayRepeat = discarded < REPEATS[pace];
    const measured = await runRound(contenders, round, mayRepeat);
    busiest = Math.max(busiest, measured.foreign);
    const wasCalm = measured.foreign <= FOREIGN_LIMIT;
    if (!wasCalm && mayRepeat) {
      discarded++;
      continue;
    }
    if (!wasCalm) noisy++;
    for (const [name, result] of measured.results) results[name]?.push(result);
    round++;
  }
  if (discarded > 0) {
    const share = Math.round(busiest * 100);
    log(
      `  the machine was busy (others took up to ${share} % of it): ${discarded} rounds repeated, ${noisy} counted all the same`,
    );
  }
  return { results, discarded, noisy };
}

/** Ends as soon as the machine was not calm, when the round will be repeated anyway. */
async function runRound<Result>(contenders: Contender<Result>[], round: number, mayRepeat: boolean) {
  const results: [string, Result][] = [];
  let most = 0;
  for (const { name, run } of contenders) {
    const { result, foreign } = await watched(() => run(round));
    results.push([name, result]);
    most = Math.max(most, foreign);
    if (mayRepeat && foreign > FOREIGN_LIMIT) break;
  }
  return { results, foreign: most };
}

/** Does the work, and says which share of the machine's CPU time went to processes that are not ours meanwhile. */
async function watched<Result>(work: () => Promise<Result>): Promise<{ result: Result; foreign: number }> {
  const before = await cpuTimes();
  const result = await work();
  const after = await cpuTimes();
  const foreignMs = after.busyMs - before.busyMs - (after.oursMs - before.oursMs);
  return { result, foreign: Math.max(0, foreignMs / (after.wholeMs - before.wholeMs)) };
}

async function cpuTimes() {
  const [machine, oursMs] = await Promise.all([machineCpuMs(), treeCpuMs(process.pid)]);
  return { ...machine, oursMs };
}

/** What a reader of a figure must know about the rounds behind it; undefined when there is nothing. */
export function roundsNote({ noisy }: Pick<Rounds<unknown>, "noisy">): string | undefined {
  return noisy > 0 ? `${noisy} of the rounds on a busy machine` : undefined;
}
