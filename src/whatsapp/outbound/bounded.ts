import { z } from "zod";
import { cleanText } from "../clean-text.ts";
import { DEPTH, VALUES } from "../limits.ts";

type Found = { path: PropertyKey[]; message: string };

/**
 * A schema of Meta's object behind a look at all that is in it, unknown fields too: these are passed on, and neither
 * Postgres nor Meta may choke on them. Refuses what is too deep or too much, texts that cannot be stored, numbers that
 * JSON cannot carry, and `__proto__`.
 */
export function bounded<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value, ctx) => {
    const found = findUnsendable(value);
    if (found) ctx.addIssue({ code: "custom", ...found, input: value });
    return value;
  }, schema);
}

/**
 * The first thing that cannot be sent, or null. Total: without recursion, and it ends for a ring too.
 * @internal
 */
export function findUnsendable(value: unknown): Found | null {
  const left: { value: unknown; path: PropertyKey[] }[] = [{ value, path: [] }];
  for (let seen = 1; left.length > 0; seen += 1) {
    const { value, path } = left.pop() ?? { value: null, path: [] };
    if (seen + left.length > VALUES)
      return { path: [], message: `A message has at most ${VALUES} values; this one has more.` };
    if (path.length > DEPTH)
      return {
        path: path.slice(0, 1),
        message: `A message is at most ${DEPTH} levels deep; this is deeper.`,
      };
    const message = wrongWith(value);
    if (message) return { path, message };
    if (typeof value !== "object" || value === null) continue;
    for (const key of Object.keys(value)) {
      if (key === "__proto__" || cleanText(key) !== key)
        return { path, message: "The name of a field in here cannot be sent." };
      left.push({
        value: Reflect.get(value, key),
        path: [...path, Array.isArray(value) ? Number(key) : key],
      });
    }
  }
  return null;
}

function wrongWith(value: unknown): string | null {
  if (typeof value === "string")
    return cleanText(value, value.length) === value
      ? null
      : "The text holds characters that cannot be stored.";
  if (typeof value !== "number") return null;
  if (!Number.isFinite(value)) return "The number is too great.";
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? "The number is too great to be exact: write it as a text."
    : null;
}
