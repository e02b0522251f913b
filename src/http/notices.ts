import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { pageOfNotices } from "../db/notices.ts";
import { isId, readCursor, writeCursor } from "./cursor.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { cursor, id, limit, moment, page } from "./schemas.ts";

const DEFAULT_LIMIT = 30;

// What Meta tells of an account, for admins.

const severity = z.enum(["info", "warning", "critical"]);

const noticeListQuery = z.strictObject({ cursor, limit: limit(100), severity: severity.optional() });

const notice = z
  .object({
    id,
    organizationPhoneId: id.nullable(),
    wabaId: z.string().nullable(),
    field: z.string().nullable().meta({ description: "Meta's webhook field; null for what we noticed." }),
    kind: z.string(),
    severity: severity.meta({
      description: "critical: sending or receiving has stopped, or will. warning: somebody should look.",
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
  summary: "List what Meta tells of the account, its numbers and its templates, newest first",
  description: "Also what we noticed ourselves. An inbox's socket tells admins of new ones. For admins.",
  ...forAdmins,
  request: { query: noticeListQuery },
  responses: { 200: json("A page of notices.", noticeList), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/notices`, behind `requireAgent`. */
export const noticeRoutes = newRouter().openapi(listNotices, async (c) => {
  const { cursor, limit = DEFAULT_LIMIT, ...filter } = c.req.valid("query");
  const { agent, db } = c.var.ctx;
  const list = `notices?${JSON.stringify(filter)}`;
  const before = cursor === undefined ? null : readCursor(list, cursor, isPlace).id;
  // One more than asked for tells whether there is a next page.
  const rows = await pageOfNotices(db, agent.organizationId, filter, before, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor(list, { id: last.id }) : null;
  return c.json({ data: shown, nextCursor, prevCursor: null }, 200);
});

function isPlace(place: unknown): place is { id: number } {
  return typeof place === "object" && place !== null && "id" in place && isId(place.id);
}
