import { dereference, type Schema as JsonSchema, type OutputUnit, validate } from "@cfworker/json-schema";
import { type Answer, type Document, type Operation, operationsOf, resolve, type Schema } from "./openapi.ts";

// Compares answers with the API's document. The validator interprets schemas: workerd compiles no code at run time.

export type Answered = {
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  headers: Headers;
  /** Read only where the body is JSON. */
  text: () => Promise<string>;
};

/** Why an answer is not one that the document describes, and what to do about it; null when it is. */
export type Contract = (answered: Answered) => Promise<string | null>;

/** Problems of a request that is none of an operation's. */
const ANYWHERE = [405, 413, 415, 500];
const BODILESS = [101, 204, 304];
/** Keywords that only pass on what their parts found. */
const PASSING_ON = ["properties", "items", "$ref", "allOf", "anyOf", "oneOf", "additionalProperties"];
const PROBLEM = { $ref: "#/components/schemas/Problem" };
const RENEW = "Then renew docs/openapi.json: npm test -- test/http/openapi -u";

/** Checks answers strictly: a field that the document lacks is as wrong as one that is missing. */
export function contractOf(document: Document): Contract {
  const operations = operationsOf(document).map(([route, operation]) => ({ route, operation }));
  const matchers = operations
    .map((one) => ({ ...one, pattern: patternOf(one.route), parameters: one.route.split("{").length }))
    // `/templates/sync` before `/templates/{templateId}`.
    .toSorted((a, b) => a.parameters - b.parameters);
  const bodies = bodySchemas(document, operations);
  const lookup = dereference({
    components: { schemas: mapValues(document.components.schemas, within) },
    bodies,
  } as JsonSchema);

  return async ({ method, path, status, headers, text }) => {
    const called = `${method === "HEAD" ? "GET" : method} ${path.replace(/(.)\/$/, "$1")}`;
    const { route, operation } = matchers.find(({ pattern }) => pattern.test(called)) ?? {};
    if (method === "OPTIONS" || (!route && !path.startsWith("/api/"))) return null;
    const subject = `${route ?? called} answered ${status}`;
    const declared = operation?.responses?.[status];
    const isProblem = status >= 400;
    if (!declared && !(isProblem && (!route || ANYWHERE.includes(status))))
      return route
        ? `${subject}, which it does not declare: add it to the route's responses (problemResponses(…)). ${RENEW}`
        : `${subject}, but no operation describes it: declare it with createRoute, or registerPath. ${RENEW}`;
    const answer: Answer | null = declared ? resolve<Answer>(declared, document) : null;
    if (headers.has("retry-after") && answer && !answer.headers?.["Retry-After"])
      return `${subject} with Retry-After, which it does not declare. ${RENEW}`;
    if (method === "HEAD" || BODILESS.includes(status)) return null;
    const type = headers.get("content-type")?.split(";")[0] ?? "nothing";
    const types = answer ? Object.keys(answer.content ?? {}) : ["application/problem+json"];
    if (!types.includes(type) && !types.includes("*/*"))
      return `${subject} as ${type}, which it does not declare: ${types.join(", ") || "no body"}. ${RENEW}`;
    if (!/json$/.test(type) || types.includes("*/*")) return null;
    const key = `${route} ${status} ${type}`;
    const schema = bodies[key] ?? bodies.problem;
    const { errors } = validate(JSON.parse(await text()), schema as JsonSchema, "2020-12", lookup, false);
    return errors.length === 0
      ? null
      : `${subject} with a body that its schema refuses: correct the schema or the answer. ${RENEW}\n${listed(errors)}`;
  };
}

/** The schemas of all JSON answers, by route, status and type; `problem` for those of no operation. */
function bodySchemas(document: Document, operations: { route: string; operation: Operation }[]) {
  const bodies: Record<string, Schema> = { problem: closed(PROBLEM) };
  for (const { route, operation } of operations)
    for (const [status, declared] of Object.entries(operation.responses ?? {})) {
      const { content = {} } = resolve<Answer>(declared, document);
      for (const [type, { schema }] of Object.entries(content))
        if (type.endsWith("json")) bodies[`${route} ${status} ${type}`] = closed(schema);
    }
  return bodies;
}

/** The same schema, which refuses what it does not describe. An object closes where it stands: in `allOf` its parts complete each other. */
function closed(schema: Schema): Schema {
  const inner = within(schema);
  const isOpen =
    "additionalProperties" in schema || !["$ref", "properties", "allOf"].some((one) => one in schema);
  return isOpen ? inner : { ...inner, unevaluatedProperties: false };
}

/** The same schema with all that stands in it closed, but not itself. */
function within(schema: Schema): Schema {
  const { properties, items, additionalProperties, allOf, anyOf, oneOf } = schema;
  const isPart = properties !== undefined || allOf !== undefined;
  // The alternatives of a component are closed where it is referred to, for it may be a part of another.
  const alternative = isPart ? closed : (one: Schema) => (one.$ref ? closed(one) : within(one));
  return {
    ...schema,
    ...(properties && { properties: mapValues(properties, closed) }),
    ...(items && { items: closed(items) }),
    ...(typeof additionalProperties === "object" && { additionalProperties: closed(additionalProperties) }),
    ...(allOf && { allOf: allOf.map(within) }),
    ...(anyOf && { anyOf: anyOf.map(alternative) }),
    ...(oneOf && { oneOf: oneOf.map(alternative) }),
  };
}

function listed(errors: OutputUnit[]): string {
  const named = errors.filter(({ keyword }) => !PASSING_ON.includes(keyword));
  const lines = named.map(
    ({ instanceLocation, error }) => `${instanceLocation.replace(/^#/, "") || "/"}: ${error}`,
  );
  return [...new Set(lines)].slice(0, 8).join("\n");
}

/** Matches `GET /api/waba/chats/7` for `GET /api/waba/chats/{id}`. */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

function mapValues<Value, Result>(
  object: Record<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
