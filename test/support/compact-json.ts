const WIDTH = 170;

/**
 * JSON that is short and still compares well line by line: a value that fits into a line takes one, of any other each member
 * takes a line. Not indented, which would be a tenth of it.
 */
export function compactJson(value: unknown, key = ""): string {
  const line = key + JSON.stringify(value);
  if (typeof value !== "object" || value === null || line.length < WIDTH) return line;
  const members = Array.isArray(value)
    ? value.map((item) => compactJson(item))
    : Object.entries(value).map(([name, item]) => compactJson(item, `${JSON.stringify(name)}:`));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${key}${open}\n${members.join(",\n")}\n${close}`;
}
