import { type Rounds, roundsNote } from "../measure/rounds.ts";
import { median, ratioOf } from "../statistics.ts";
import { shortNumber } from "../table.ts";
import type { Figure, Target } from "../workload.ts";

type Described = {
  id: string;
  label: string;
  /** The unit of the two numbers. */
  show: string;
  target?: Target;
  note?: string;
};

/** Product ÷ one peer, by the number that `pick` takes from a round. The note and `raw` have the two numbers. */
export function versus<Round>(
  rounds: Rounds<Round>,
  peer: string,
  pick: (round: Round) => number,
  { id, label, show, target, note }: Described,
): Figure {
  const ours = (rounds.results.product ?? []).map(pick);
  const theirs = (rounds.results[peer] ?? []).map(pick);
  const sides = `${shortNumber(median(ours))} ÷ ${shortNumber(median(theirs))} ${show}`;
  return ratioOf(ours, theirs, {
    id,
    label,
    unit: "×",
    ...(target && { target }),
    discarded: rounds.discarded,
    note: [sides, note, roundsNote(rounds)].filter((part) => part !== undefined).join("; "),
    raw: rounds.results,
  });
}
