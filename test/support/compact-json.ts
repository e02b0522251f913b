const WIDTH = 170;

/**
 * JSON that is short and still compares well line by line: a value that fits into a line takes one, of any other each member
 * takes a line.
 */
export function compactJson(value: unknown, indent = "", key = ""): string {
  const line = key + JSON.stringify(value);
  if (typeof value !== "object" || value === null || indent.length + line.length < WIDTH) return line;
  const inner = `${indent}\t`;
  const members = Array.isArray(value)
    ? value.map((item) => compactJson(item, inner))
    : Object.entries(value).map(([name, item]) => compactJson(item, inner, `${JSON.stringify(name)}:`));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${key}${open}\n${members.map((member) => inner + member).join(",\n")}\n${indent}${close}`;
}
