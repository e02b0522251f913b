/**
 * An object for each row, by the names of its columns. All rows share one shape: the driver's `Object.fromEntries` makes a dictionary of
 * each, which takes several times as long to make, and to read, for a row of fifty columns.
 */
export function rowObjects(names: string[], rows: unknown[][]): Record<string, unknown>[] {
  // V8 gives parsed objects a shape however many keys they have.
  const empty: Record<string, unknown> = JSON.parse(
    `{${names.map((name) => `${JSON.stringify(name)}:null`).join(",")}}`,
  );
  return rows.map((row) => {
    const object = { ...empty };
    names.forEach((name, i) => {
      object[name] = row[i];
    });
    return object;
  });
}
