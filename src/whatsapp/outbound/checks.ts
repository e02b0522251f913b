import { z } from "zod";

// Every error names the value, its limit and what was given.

type Range = { min: number; max: number };

/**
 * A text of at most `limit` characters; `what` begins the sentence, such as "A caption". Meta says "characters" and not
 * which: counted in UTF-16 units, of which no text has fewer than characters, so that nothing passes which Meta refuses.
 */
export function atMost(limit: number, what: string) {
  // Not `max`: zod counts code points.
  return text(what)
    .refine((text) => text.length <= limit, {
      error: ({ input }) => `${what} has at most ${limit} characters; this one has ${String(input).length}.`,
    })
    .meta({ maxLength: limit });
}

/** A text of at most `limit` characters that is not blank: Meta refuses a blank one. */
export function nonBlank(limit: number, what: string) {
  return atMost(limit, what).refine(isWords, `${what} must not be empty.`).meta({ maxLength: limit });
}

/** A text that is no blank, of a length that Meta does not limit: ids, above all. */
export function nonEmpty(what: string) {
  return text(what).refine(isWords, `${what} must not be empty.`);
}

/** A list of `min` to `max` items; `of` names them, such as "buttons". */
export function arrayOf<Item extends z.ZodType>(item: Item, what: string, of: string, { min, max }: Range) {
  const fewest = min === 1 ? `needs ${of}` : `has at least ${min} ${of}`;
  const counted = (limit: string) => ({
    error: ({ input }: { input?: unknown }) =>
      `${what} ${limit}; this one has ${(Array.isArray(input) && input.length) || "none"}.`,
  });
  return z
    .array(item, { error: missingOr(`The list of ${of}`, "must be a list") })
    .min(min, counted(fewest))
    .max(max, counted(`has at most ${max} ${of}`));
}

/** One of Meta's objects. Fields beyond `shape` are passed on: Meta adds fields that we need not know. */
export function metaObject<Shape extends z.ZodRawShape>(shape: Shape, what: string) {
  return z.looseObject(shape, { error: missingOr(what, "must be an object") });
}

/** One of a closed set of Meta's values. */
export function oneOf<const Values extends readonly [string, ...string[]]>(all: Values, what: string) {
  return z.enum(all, { error: `${what} must be one of: ${all.join(", ")}.` });
}

/** The only value allowed, or its spellings. */
export function literal<const Values extends string[]>(...spellings: Values) {
  return z.literal<Values[number][]>(spellings, { error: `This must be: ${spellings[0]}.` });
}

/** The error of a `z.discriminatedUnion`: lists the kinds. */
export function unionError(what: string, all: readonly string[]) {
  return {
    error: ({ code, input }: { code?: string; input?: unknown }) =>
      code === "invalid_union"
        ? `${what} must be one of: ${all.join(", ")}.`
        : missingOr(what, "must be an object")({ input }),
  };
}

/** A whole number, such as an index. */
export function integerBetween({ min, max }: Range, what: string) {
  const error = `${what} must be a whole number from ${min} to ${max}.`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** An address that Meta opens: `https` alone where Meta fetches it, `http` too where a customer does. */
export function httpUrl(protocol: "https" | "https?", what: string) {
  const begins = protocol === "https" ? "https://" : "http:// or https://";
  return z.url({
    protocol: new RegExp(`^${protocol}$`),
    error: missingOr(what, `must be an address that begins with ${begins}`),
  });
}

/** Whether no two are alike; those that are not given do not count. */
export function allDistinct(values: unknown[]): boolean {
  const given = values.filter((value) => value !== undefined);
  return new Set(given).size === given.length;
}

function text(what: string) {
  return z.string({ error: missingOr(what, "must be a text") });
}

function missingOr(what: string, otherwise: string) {
  return ({ input }: { input?: unknown }) => `${what} ${input === undefined ? "is missing" : otherwise}.`;
}

function isWords(text: string): boolean {
  return text.trim() !== "";
}
