import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { ask } from "../support/worker.ts";

type Operation = {
  summary?: string;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  responses?: Record<string, { description?: string; content?: Record<string, unknown> }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
};

/** What is no JSON (Meta's two calls, upgrades), and what describes the rest. */
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

describe("the OpenAPI document", () => {
  it("is as it stands in docs/, where a change can be read", async ({ expect }) => {
    const text = `${JSON.stringify(await readDocument(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot("../../docs/openapi.json");
  });

  it("describes every route of the app that is JSON, and no other", async ({ expect }) => {
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

  it("is OpenAPI 3.1 whose every reference leads somewhere", async ({ expect }) => {
    const document = await readDocument();
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "WABA Edge" } });
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(refs.filter((ref) => !named.includes(ref))).toEqual([]);
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it("says of each operation what goes in, what comes out, and who may ask", async ({ expect }) => {
    const document = await readDocument();
    for (const [route, { summary, security, parameters = [], responses = {} }] of operationsOf(document)) {
      expect(summary, route).toBeTruthy();
      expect(security, route).toEqual([{ bearer: [] }]);
      expect(Object.keys(responses), route).toEqual(expect.arrayContaining(["400", "401", "403", "503"]));
      for (const { description } of Object.values(responses)) expect(description, route).toBeTruthy();
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === "path" && one.required === true);
      expect(
        declared.map(({ name }) => name),
        route,
      ).toEqual(inPath);
      for (const { name, schema } of parameters) expect(schema, `${route} ${name}`).toHaveProperty("type");
    }
    expect(document.components.securitySchemes).toHaveProperty("bearer");
  });
});
