/** A letter or a digit goes on with a name. */
const GOES_ON = /^[\p{L}\p{M}\p{N}_]/u;

/**
 * The ids of the agents whom a note mentions as `@Name`, in any case. Of names that begin alike the longest is meant: `@Anna Maria`
 * is not Anna, and `@olega` is not Oleg. Two of the same name are both mentioned.
 */
export function mentionsIn(text: string, agents: readonly { id: number; name: string }[]): number[] {
  const places = fold(text).split("@").slice(1);
  const named = places.flatMap((place) => {
    const fitting = agents.filter(({ name }) => startsWithName(place, fold(name)));
    const longest = Math.max(...fitting.map(({ name }) => name.length));
    return fitting.filter(({ name }) => name.length === longest).map(({ id }) => id);
  });
  return [...new Set(named)];
}

function startsWithName(text: string, name: string): boolean {
  return name !== "" && text.startsWith(name) && !GOES_ON.test(text.slice(name.length));
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
