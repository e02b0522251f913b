import { describe, it } from "vitest";
import { app } from "../../src/http/app.ts";
import { as } from "../support/as.ts";
import { anOrganization } from "../support/build.ts";
import { compactJson } from "../support/compact-json.ts";
import { operationsOf, readDocument, resolve } from "../support/openapi.ts";
import { routesPage } from "../support/routes-page.ts";
import { ask } from "../support/worker.ts";

/** The webhook once more, and the addresses of pages. */
const NOT_DESCRIBED = [
  "GET /api/waba/webhook/",
  "POST /api/waba/webhook/",
  "GET /docs/problems",
  "GET /sign-in",
  "GET /inbox",
  "GET /inbox/*",
  "GET /settings",
  "GET /settings/*",
];

/** Who may call an operation. */
const WHO = [
  [],
  [{ bearer: [] }],
  [{ adminBearer: [] }],
  [{ bearer: [] }, { ticket: [] }],
  [{ bearer: [] }, { signedAddress: [] }],
  [{ metaSignature: [] }],
];

/** Every `$ref` below a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  );
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
    const text = `${compactJson(await readDocument(app))}\n`;
    await expect(text).toMatchFileSnapshot("../../docs/openapi.json");
  });

  it("has the examples of a body whose text is cleaned", async ({ expect }) => {
    const { components } = await readDocument(app);
    expect(components.schemas.NoteText).toMatchObject({ examples: [{ body: "Wants a refund" }] });
  });

  it("is the source of docs/routes.md", async ({ expect }) => {
    await expect(routesPage(await readDocument(app))).toMatchFileSnapshot("../../docs/routes.md");
  });

  it("describes every route of the app, and no other", async ({ expect }) => {
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const described = operationsOf(await readDocument(app)).map(([route]) =>
      route.replaceAll(/\{(\w+)\}/g, ":$1"),
    );
    expect(described.length).toBeGreaterThan(6);
    expect(NOT_DESCRIBED.filter((route) => !routes.includes(route))).toEqual([]);
    expect(new Set([...described, ...NOT_DESCRIBED])).toEqual(new Set(routes));
  });

  it("is OpenAPI 3.1, resolves every reference and uses every component", async ({ expect }) => {
    const document = await readDocument(app);
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "WABA Edge" } });
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(10);
    const { schemas, parameters, responses, headers } = document.components;
    const named = Object.entries({ schemas, parameters, responses, headers }).flatMap(([kind, components]) =>
      Object.keys(components).map((name) => `#/components/${kind}/${name}`),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(refs.filter((ref) => !named.includes(ref))).toEqual([]);
    expect(named.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it("states no large schema twice: `.meta({ id })` names it", async ({ expect }) => {
    const large = schemasIn(await readDocument(app)).filter((schema) => schema.length >= NAMED_FROM_LENGTH);
    expect(large.length).toBeGreaterThan(50);
    expect(large.filter((schema, i) => large.indexOf(schema) !== i)).toEqual([]);
  });

  it("gives each operation its parameters, its answers and who may call it", async ({ expect }) => {
    const document = await readDocument(app);
    const { tags } = document;
    for (const [route, operation] of operationsOf(document)) {
      const { operationId, summary, description, security, parameters = [], responses = {} } = operation;
      expect(operationId, `${route} has an operationId: a verb and a noun`).toMatch(/^[a-z]+([A-Z][a-z]+)+$/);
      expect(summary, `${route} has a summary`).toBeTruthy();
      expect(description, `${route} has a description`).toBeTruthy();
      expect(
        tags.map(({ name }) => name),
        `${route}: describe its collection in TAGS of src/http/openapi-document.ts`,
      ).toEqual(expect.arrayContaining(operation.tags ?? ["a tag"]));
      expect(WHO, route).toContainEqual(security);
      if (/bearer/i.test(JSON.stringify(security)))
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
    const ids = operationsOf(document).map(([, { operationId }]) => operationId);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(
      expect.arrayContaining(WHO.flatMap((ways) => ways.flatMap(Object.keys))),
    );
  });

  it("requires the role of admin exactly where the app does", async ({ expect }) => {
    const document = await readDocument(app);
    const forAdmins = operationsOf(document).filter(([, { security }]) =>
      JSON.stringify(security).includes("adminBearer"),
    );
    expect(forAdmins.length).toBeGreaterThan(8);
    const { token } = await as({ ...(await anOrganization()), role: "agent" });
    for (const [route, { security }] of operationsOf(document)) {
      if (!/bearer/i.test(JSON.stringify(security))) continue;
      const [method = "", path = ""] = route.split(" ");
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await ask(path.replaceAll(/\{\w+\}/g, "2147483647"), { method, headers });
      const needsAdmin = forAdmins.some(([one]) => one === route);
      expect(answer.status === 403, route).toBe(needsAdmin);
    }
  });
});
