/** A JSON object whose shape is not known yet. */
export type Fields = Record<string, unknown>;

/** Bad input on a route of the control API: answered with 400, naming the field. */
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

/** What stands at a dotted path (`interactive.body.text`), or undefined. */
export function at(fields: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => (isFields(value) ? value[key] : undefined), fields);
}

/** The objects of an array; an empty list for anything else. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** JSON text as an object, or null when it is no JSON or no object. */
export function parseFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
