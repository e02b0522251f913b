/** A JSON object of unknown shape. */
export type Fields = Record<string, unknown>;

/** Bad input to the control API: the response is a 400 that names the field. */
export class BadInput extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path (`interactive.body.text`), or undefined. */
export function at(fields: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => (isFields(value) ? value[key] : undefined), fields);
}

/** The objects of an array; an empty list for anything else. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** Parses a JSON object; null when the text is not JSON or not an object. */
export function parseFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** The JSON object that a call of the control API brings. */
export function parseBody(text: string): Fields {
  const body = parseFields(text);
  if (!body) throw new BadInput("body", "must be a JSON object");
  return body;
}
