import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { as } from "../support/as.ts";
import { anOrganization } from "../support/build.ts";
import { compactJson } from "../support/compact-json.ts";
import { ask } from "../support/worker.ts";

type Parameter = { name: string; in: string; required?: boolean; schema?: object };
type Answer = { description?: string; content?: Record<string, unknown> };
type Reference = { $ref: string };
type Operation = {
  summary?: string;
  security?: unknown[];
  parameters?: (Parameter | Reference)[];
  responses?: Record<string, Answer | Reference>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, object>;
    parameters: Record<string, Parameter>;
    responses: Record<string, Answer>;
    securitySchemes: Record<string, object>;
  };
};

/** Routes whose answers are not JSON (Meta's two calls, upgrades), health, and the document itself. */
const NOT_DESCRIBED = [
  "GET /healthz",
  "GET /readyz",
  "GET /openapi.json",
  "GET /api/waba/webhook",
  "POST /api/waba/webhook",
  "GET /api/waba/chats/:id/socket",
  "GET /api/waba/inbox/socket",
];

async function readDocument(): Promise<Document> {
  const answer = await ask("/openapi.json");
  return await answer.json<Document>();
}

function operationsOf({ paths }: Document): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

/** Every `$ref` below a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
}

/** What a place of an operation holds, or what its reference leads to. */
function resolve<Value extends object>(place: Value | Reference, { components }: Document): Value {
  if (!("$ref" in place)) return place;
  const [, , kind = "", name = ""] = place.$ref.split("/");
  return (components as unknown as Record<string, Record<string, Value>>)[kind]?.[name] as Value;
}

/** The schemas of objects, lists and unions below a value, as JSON. */
function schemasIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(schemasIn);
  const isSchema = ["properties", "items", "oneOf", "anyOf"].some((key) => key in value);
  return isSchema ? [JSON.stringify(value), ...inner] : inner;
}

/** A schema as long as this has a name, so that the document states it once. */
const NAMED_FROM_LENGTH = 250;

describe("the OpenAPI document", () => {
  it("equals docs/openapi.json, where a change shows line by line", async ({ expect }) => {
    const text = `${compactJson(await readDocument())}\n`;
    await expect(text).toMatchFileSnapshot("../../docs/openapi.json");
  });

  it("describes every JSON route of the app, and no other", async ({ expect }) => {
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const described = operationsOf(await readDocument()).map(([route]) =>
      route.replaceAll(/\{(\w+)\}/g, ":$1"),
    );
    expect(described.length).toBeGreaterThan(6);
    expect(NOT_DESCRIBED.filter((route) => !routes.includes(route))).toEqual([]);
    expect(new Set([...described, ...NOT_DESCRIBED])).toEqual(new Set(routes));
  });

  it("is OpenAPI 3.1, resolves every reference and uses every component", async ({ expect }) => {
    const document = await readDocument();
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "WABA Edge" } });
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    const { schemas, parameters, responses } = document.components;
    const named = Object.entries({ schemas, parameters, responses }).flatMap(([kind, components]) =>
      Object.keys(components).map((name) => `#/components/${kind}/${name}`),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => !named.includes(ref))).toEqual([]);
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it("states no large schema twice: `.meta({ id })` names it", async ({ expect }) => {
    const large = schemasIn(await readDocument()).filter((schema) => schema.length >= NAMED_FROM_LENGTH);
    expect(large.length).toBeGreaterThan(50);
    expect(large.filter((schema, i) => large.indexOf(schema) !== i)).toEqual([]);
  });

  it("gives each operation its parameters, its answers and who may call it", async ({ expect }) => {
    const document = await readDocument();
    for (const [route, { summary, security, parameters = [], responses = {} }] of operationsOf(document)) {
      expect(summary, route).toBeTruthy();
      expect([[{ bearer: [] }], [{ bearer: ["admin"] }]], route).toContainEqual(security);
      expect(Object.keys(responses), route).toEqual(expect.arrayContaining(["400", "401", "403", "503"]));
      for (const answer of Object.values(responses))
        expect(resolve(answer, document).description, route).toBeTruthy();
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const all = parameters.map((parameter) => resolve(parameter, document));
      const declared = all.filter((one) => one.in === "path" && one.required === true);
      expect(
        declared.map(({ name }) => name),
        route,
      ).toEqual(inPath);
      for (const { name, schema } of all) expect(schema, `${route} ${name}`).toHaveProperty("type");
    }
    expect(document.components.securitySchemes).toHaveProperty("bearer");
  });

  it("requires the role of admin exactly where the app does", async ({ expect }) => {
    const document = await readDocument();
    const forAdmins = operationsOf(document).filter(([, { security }]) =>
      JSON.stringify(security).includes("admin"),
    );
    expect(forAdmins.length).toBeGreaterThan(8);
    const { token } = await as({ ...(await anOrganization()), role: "agent" });
    for (const [route] of operationsOf(document)) {
      const [method = "", path = ""] = route.split(" ");
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await ask(path.replaceAll(/\{\w+\}/g, "2147483647"), { method, headers });
      const needsAdmin = forAdmins.some(([one]) => one === route);
      expect(answer.status === 403, route).toBe(needsAdmin);
    }
  });
});
