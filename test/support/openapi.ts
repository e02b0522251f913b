// Reads the app's own OpenAPI document, so that what a test sends to a route follows the route's declaration.

export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  unevaluatedProperties?: boolean;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minimum?: number;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
};
type Reference = { $ref: string };
export type Parameter = { name: string; in: string; required?: boolean; schema?: Schema };
export type Answer = {
  description?: string;
  headers?: Record<string, Reference | object>;
  content?: Record<string, { schema: Schema }>;
};
export type Operation = {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: (Parameter | Reference)[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses?: Record<string | number, Answer | Reference>;
};
export type Document = {
  openapi: string;
  info: { title: string; version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, Parameter>;
    responses: Record<string, Answer>;
    headers: Record<string, object>;
    securitySchemes: Record<string, object>;
  };
};

export async function readDocument(app: { request: (path: string) => Response | Promise<Response> }) {
  return (await (await app.request("/openapi.json")).json()) as Document;
}

/** Every operation with its route, such as `GET /api/waba/chats/{id}`. */
export function operationsOf({ paths }: Document): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

/** The value at a place of the document, or the component that it refers to. */
export function resolve<Value extends object>(place: Value | Reference, { components }: Document): Value {
  if (!("$ref" in place) || typeof place.$ref !== "string") return place as Value;
  const [, , kind = "", name = ""] = place.$ref.split("/");
  return (components as unknown as Record<string, Record<string, Value>>)[kind]?.[name] as Value;
}

/** What a route takes: its parameters, and the schema of its JSON body; null for a route that the document lacks. */
export function inputOf(document: Document, route: string) {
  const path = route.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");
  const [, operation] = operationsOf(document).find(([one]) => one === path) ?? [];
  if (!operation) return null;
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(parameter, document));
  return { parameters, body: operation.requestBody?.content["application/json"]?.schema ?? null };
}

/** The smallest value that a schema allows: its first example where it has one, otherwise the required fields alone. */
export function exampleOf(given: Schema, document: Document): unknown {
  const schema = resolve<Schema>(given, document);
  const [alternative] = schema.oneOf ?? schema.anyOf ?? [];
  if (schema.examples) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (alternative) return exampleOf(alternative, document);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {}, document)]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}, document));
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return "a";
  }
}

/** The names of all fields that an object may have, in any of its alternatives. */
export function fieldsOf(given: Schema, document: Document): string[] {
  const { properties = {}, oneOf = [], anyOf = [], allOf = [] } = resolve<Schema>(given, document);
  const inner = [...oneOf, ...anyOf, ...allOf].flatMap((schema) => fieldsOf(schema, document));
  return [...new Set([...Object.keys(properties), ...inner])];
}
