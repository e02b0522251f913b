import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { pageOfNotices } from "../db/notices.ts";
import { languageOf } from "../domain/check-texts.ts";
import { noticeIn } from "../domain/notice-texts.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAdmins, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { cursor, id, limit, moment, page } from "./schemas.ts";

const severity = z.enum(["info", "warning", "critical"]);

const noticeListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  severity: severity.optional(),
  open: z.enum(["true"]).optional().meta({ description: "Only alarms that are not cleared." }),
});

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
    title: z.string().meta({ description: "One sentence, as are `why` and `fix` in `detail`." }),
    subject: z.record(z.string(), z.unknown()).nullable(),
    detail: z.record(z.string(), z.unknown()),
    happenedAt: moment,
    createdAt: moment,
    alarm: z.string().nullable().meta({
      description:
        "What is wrong, such as `phone:12:C02`; null for a plain report. Each has one open alarm at most.",
    }),
    clearedAt: moment
      .nullable()
      .meta({ description: "When an alarm's cause was gone; null while it lasts." }),
  })
  .meta({ id: "Notice" });

const noticeList = z.object({ data: z.array(notice), ...page }).meta({ id: "NoticeList" });

const listNotices = createRoute({
  method: "get",
  path: "/",
  operationId: "listNotices",
  summary: "List notices about the account, its phones and templates, newest first",
  description:
    "Notices come from Meta's webhooks and from our own checks. Some are alarms: each is raised once for a cause, and cleared when the cause is gone. Admins' inbox sockets receive new notices, in English, and alarms again when they are cleared. The texts of alarms follow Accept-Language (en, ru). For admins.",
  ...forAdmins,
  request: { query: noticeListQuery },
  responses: { 200: json("A page of notices.", noticeList), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/notices`, behind `requireAgent`. */
export const noticeRoutes = newRouter().openapi(listNotices, async (c) => {
  const { cursor, limit, open, ...rest } = c.req.valid("query");
  const filter = { ...rest, ...(open && { open: true }) };
  const { agent, db } = c.var.ctx;
  const notices = await listPage({
    name: `notices?${JSON.stringify(filter)}`,
    query: { cursor, limit },
    isPlace: isIdPlace,
    read: (before, count) => pageOfNotices(db, agent.organizationId, filter, before?.id ?? null, count),
    placeOf: ({ id }) => ({ id }),
  });
  const language = languageOf(c.req.header("accept-language"));
  return c.json({ ...notices, data: notices.data.map((one) => noticeIn(one, language)) }, 200);
});
