import type { newRouter } from "./router.ts";
import { shareComponents } from "./shared-components.ts";

const description = {
  openapi: "3.1.0",
  info: {
    title: "WABA Edge",
    version: "1",
    description: "Every error is a problem document (RFC 9457) with a stable `code`.",
  },
};

/** Adds `/openapi.json`: OpenAPI 3.1, generated from the schemas that the routes validate with. */
export function serveOpenApi(app: ReturnType<typeof newRouter>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "Claims: sub, organizationId, role (agent or admin), exp; optionally name.",
  });
  app.get("/openapi.json", (c) =>
    c.json(omitDefaults(shareComponents(app.getOpenAPI31Document(description)))),
  );
}

/** Leaves out defaults: a schema allows further properties, and a parameter is optional. */
function omitDefaults<Value>(document: Value): Value {
  return JSON.parse(JSON.stringify(document), (key, value) => (isDefault(key, value) ? undefined : value));
}

function isDefault(key: string, value: unknown): boolean {
  if (key === "additionalProperties") return JSON.stringify(value) === "{}";
  return key === "required" && value === false;
}
