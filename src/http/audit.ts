import { createRoute } from "@hono/zod-openapi";
import { pageOfAudit } from "../db/audit.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { auditList, auditQuery } from "./phone-schemas.ts";
import { newRouter } from "./router.ts";

const listAudit = createRoute({
  method: "get",
  path: "/",
  operationId: "listAuditLog",
  summary: "List who changed what of the phones or erased a contact, newest first",
  description: "Never contains a token, a PIN or a code. For admins.",
  ...forAdmins,
  request: { query: auditQuery },
  responses: { 200: json("A page of the audit log.", auditList), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/audit`, behind `requireAgent`. */
export const auditRoutes = newRouter().openapi(listAudit, async (c) => {
  const { cursor, limit, ...filter } = c.req.valid("query");
  const { agent, db } = c.var.ctx;
  const entries = await listPage({
    name: `audit?${JSON.stringify(filter)}`,
    query: { cursor, limit },
    isPlace: isIdPlace,
    read: (before, count) => pageOfAudit(db, agent.organizationId, filter, before?.id ?? null, count),
    placeOf: ({ id }) => ({ id }),
  });
  return c.json(entries, 200);
});
