import type { newRouter } from "./router.ts";

const description = {
  openapi: "3.1.0",
  info: {
    title: "WABA Edge",
    version: "1",
    description: "Every refusal is a problem document (RFC 9457) with a stable `code`.",
  },
};

/** Adds `/openapi.json`: OpenAPI 3.1, made from the routes' own schemas. */
export function serveOpenApi(app: ReturnType<typeof newRouter>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "Claims: sub, organizationId, role (agent or admin), exp; name where there is one.",
  });
  app.get("/openapi.json", (c) => c.json(app.getOpenAPI31Document(description)));
}
