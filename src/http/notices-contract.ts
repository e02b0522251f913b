import { z } from "zod";
import { cursor, id, limit, moment, page } from "./contract.ts";

// What Meta tells of an account, for admins.

const severity = z.enum(["info", "warning", "critical"]);

export const noticeListQuery = z.strictObject({ cursor, limit: limit(100), severity: severity.optional() });

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

export const noticeList = z.object({ data: z.array(notice), ...page }).meta({ id: "NoticeList" });
