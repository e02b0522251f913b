import { type Rounds, roundsNote } from "../measure/rounds.ts";
import { median, ratioOf } from "../statistics.ts";
import type { Figure, Target } from "../workload.ts";

type Described = {
  id: string;
  label: string;
  /** The unit of the numbers that the ratio is made of. */
  show: string;
  target?: Target;
  note?: string;
};

/** Product ÷ one peer by what `pick` takes of a round; the numbers themselves are in the note and in `raw`. */
export function versus<Round>(
  rounds: Rounds<Round>,
  peer: string,
  pick: (round: Round) => number,
  { id, label, show, target, note }: Described,
): Figure {
  const ours = (rounds.results.product ?? []).map(pick);
  const theirs = (rounds.results[peer] ?? []).map(pick);
  const sides = `${rounded(median(ours))} ÷ ${rounded(median(theirs))} ${show}`;
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

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
