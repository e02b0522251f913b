/** Returns what is wrong with a value, or null. */
export type Rule = (value: unknown) => string | null;

export function integer(from: number, to: number): Rule {
  return (value) =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to
      ? null
      : `must be an integer from ${from} to ${to}`;
}

export function oneOf(...names: string[]): Rule {
  return (value) =>
    typeof value === "string" && names.includes(value) ? null : `must be one of ${names.join(", ")}`;
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? null : "must be text";
}

export function flag(value: unknown): string | null {
  return typeof value === "boolean" ? null : "must be true or false";
}
