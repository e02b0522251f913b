import { z } from "zod";
import { problemResponse } from "./openapi-parts.ts";
import { type JsonSchema, toJsonSchemas } from "./openapi-schemas.ts";
import { problem } from "./problem-schema.ts";
import type { newRouter } from "./router.ts";

type Definition = ReturnType<typeof newRouter>["openAPIRegistry"]["definitions"][number];
type Route = Extract<Definition, { type: "route" }>["route"];
type Content = Record<string, { schema?: unknown }>;
type Response = { description: string; headers?: object; content?: Content };

const REQUEST_ID = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
const RETRY_AFTER = { "Retry-After": { $ref: "#/components/headers/RetryAfter" } };
/** The problems that a client may retry, and that say when. */
const RETRYABLE = ["409", "429", "503"];

/** The paths of an OpenAPI document and the schemas that they refer to, from the declarations that the routes validate with. */
export function describeOperations(definitions: Definition[]) {
  const routes = definitions
    .flatMap((one) => (one.type === "route" ? [one.route] : []))
    // The webhook's second mount.
    .filter(({ path }) => !path.endsWith("/"));
  const answers = toJsonSchemas([problem, ...routes.flatMap(answerSchemas)], "output");
  const requests = toJsonSchemas(routes.flatMap(requestSchemas), "input");
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const operation = {
      ...describeRequest(route, requests.schemaOf),
      responses: describeResponses(route, answers.schemaOf),
    };
    paths[route.path] = { ...paths[route.path], [route.method]: operation };
  }
  return { paths, schemas: joined(requests.components, answers.components) };
}

function joined(requests: Record<string, JsonSchema>, answers: Record<string, JsonSchema>) {
  for (const [name, schema] of Object.entries(answers)) {
    const other = JSON.stringify(requests[name] ?? schema);
    if (other !== JSON.stringify(schema))
      throw new Error(`Schema ${name} differs between requests and answers: give them two names.`);
  }
  return { ...answers, ...requests };
}

function describeRequest(route: Route, schemaOf: (schema: z.core.$ZodType) => JsonSchema) {
  const { operationId, summary, description, tags, security, request = {} } = route;
  const { params, query, headers, body } = request;
  const parameters = [
    ...describeParameters("path", params, schemaOf),
    ...describeParameters("query", query, schemaOf),
    ...describeParameters("header", headers, schemaOf),
  ];
  return {
    ...{ operationId, summary, description, tags, security },
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { ...body, content: describeContent(body.content as Content, schemaOf) } }),
  };
}

/** The properties of an object's schema, each as a parameter. */
function describeParameters(
  place: string,
  given: unknown,
  schemaOf: (schema: z.core.$ZodType) => JsonSchema,
) {
  if (!isZod(given)) return [];
  const { properties = {}, required = [] } = schemaOf(given) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: place },
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function describeResponses(route: Route, schemaOf: (schema: z.core.$ZodType) => JsonSchema) {
  return mapValues(withBodyProblems(route), ({ description, headers, content = {} }, status) => {
    const isProblem = "application/problem+json" in content;
    const all = {
      ...(isProblem && REQUEST_ID),
      ...(isProblem && RETRYABLE.includes(status) && RETRY_AFTER),
      ...headers,
    };
    return {
      description,
      ...(Object.keys(all).length > 0 && { headers: all }),
      ...(Object.keys(content).length > 0 && { content: describeContent(content, schemaOf) }),
    };
  });
}

/** Whatever takes JSON refuses a body that is too large or of another type. */
function withBodyProblems({ request, responses }: Route): Record<string, Response> {
  const declared = responses as Record<string, Response>;
  if (!("application/json" in (request?.body?.content ?? {}))) return declared;
  const refused = { 413: problemResponse(["too_large"]), 415: problemResponse(["unsupported_media_type"]) };
  return { ...refused, ...declared };
}

function describeContent(content: Content, schemaOf: (schema: z.core.$ZodType) => JsonSchema) {
  return mapValues(content, ({ schema }) => ({ schema: isZod(schema) ? schemaOf(schema) : schema }));
}

function answerSchemas({ responses }: Route): z.core.$ZodType[] {
  return Object.values(responses as Record<string, Response>).flatMap(({ content }) => schemasOf(content));
}

function requestSchemas({ request = {} }: Route): z.core.$ZodType[] {
  const { params, query, headers, body } = request;
  return [
    ...[params, query, headers as unknown].filter(isZod),
    ...schemasOf(body?.content as Content | undefined),
  ];
}

function schemasOf(content: Content = {}): z.core.$ZodType[] {
  return Object.values(content)
    .map(({ schema }) => schema)
    .filter(isZod);
}

function isZod(schema: unknown): schema is z.core.$ZodType {
  return schema instanceof z.core.$ZodType;
}

function mapValues<Value, Result>(
  object: Record<string, Value>,
  map: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
