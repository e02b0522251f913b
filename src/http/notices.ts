import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { pageOfNotices } from "../db/notices.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { cursor, id, limit, moment, page } from "./schemas.ts";

const severity = z.enum(["info", "warning", "critical"]);

const noticeListQuery = z.strictObject({ cursor, limit: limit(100), severity: severity.optional() });

const notice = z
  .object({
    id,
    organizationPhoneId: id.nullable(),
    wabaId: z.string().nullable(),
    field: z.string().nullable().meta({ description: "Meta's webhook field; null for notices of our own." }),
    kind: z.string(),
    severity: severity.meta({
      description: "critical: sending or receiving has stopped or will stop. warning: needs attention.",
    }),
    title: z.string().meta({ description: "One English sentence." }),
    subject: z.record(z.string(), z.unknown()).nullable(),
    detail: z.record(z.string(), z.unknown()),
    happenedAt: moment,
    createdAt: moment,
  })
  .meta({ id: "Notice" });

const noticeList = z.object({ data: z.array(notice), ...page }).meta({ id: "NoticeList" });

const listNotices = createRoute({
  method: "get",
  path: "/",
  operationId: "listNotices",
  summary: "List notices about the account, its phones and templates, newest first",
  description:
    "Notices come from Meta's webhooks and from our own checks. Admins' inbox sockets receive new ones. For admins.",
  ...forAdmins,
  request: { query: noticeListQuery },
  responses: { 200: json("A page of notices.", noticeList), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/notices`, behind `requireAgent`. */
export const noticeRoutes = newRouter().openapi(listNotices, async (c) => {
  const { cursor, limit, ...filter } = c.req.valid("query");
  const { agent, db } = c.var.ctx;
  const notices = await listPage({
    name: `notices?${JSON.stringify(filter)}`,
    query: { cursor, limit },
    isPlace: isIdPlace,
    read: (before, count) => pageOfNotices(db, agent.organizationId, filter, before?.id ?? null, count),
    placeOf: ({ id }) => ({ id }),
  });
  return c.json(notices, 200);
});
