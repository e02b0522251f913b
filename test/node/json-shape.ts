/** Every path in a JSON value, with the types of what stands there: all items of a list share one path. */
function pathsOf(
  value: unknown,
  path = "",
  found = new Map<string, Set<string>>(),
): Map<string, Set<string>> {
  const type = Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
  if (path !== "") found.set(path, (found.get(path) ?? new Set()).add(type));
  if (Array.isArray(value)) for (const item of value) pathsOf(item, `${path}[]`, found);
  else if (typeof value === "object" && value !== null)
    for (const [key, part] of Object.entries(value))
      pathsOf(part, path === "" ? key : `${path}.${key}`, found);
  return found;
}

/**
 * How the shape of `actual` differs from the example's, sorted: `- path` is lacking, `+ path` is more than the example
 * has, `~ path` is of a type that the example does not show. Below a path that is on one side alone nothing is said.
 */
export function differences(example: unknown, actual: unknown): string[] {
  const [wanted, got] = [pathsOf(example), pathsOf(actual)];
  const only = (one: typeof got, other: typeof got, sign: string) => {
    const paths = [...one.keys()].filter((path) => !other.has(path));
    const isBelow = (path: string) =>
      paths.some((above) => path !== above && /^[.[]/.test(rest(path, above)));
    return paths.filter((path) => !isBelow(path)).map((path) => `${sign} ${path}`);
  };
  const typed = [...got].filter(([path, types]) => {
    const shown = wanted.get(path);
    return shown && [...types].some((type) => !shown.has(type));
  });
  return [...only(wanted, got, "-"), ...only(got, wanted, "+"), ...typed.map(([path]) => `~ ${path}`)].sort();
}

/** What follows after `above`, or nothing when the path does not begin with it. */
function rest(path: string, above: string): string {
  return path.startsWith(above) ? path.slice(above.length) : "";
}
