import { z } from "zod";
import { unreadReasons } from "../domain/inbound-event.ts";
import { cursor, id, idInPath, limit, moment, page } from "./contract.ts";

// Answers of the routes that tell how the system is doing: traces, kept events, metrics.

export const keptEventParams = z.object({ id: idInPath.meta({ description: "The kept event's id." }) });

const attemptNote = z.object({
  outcome: z.enum(["accepted", "refused", "failed", "unknown", "not_called"]),
  httpStatus: z.int().nullable(),
  code: z.int().nullable(),
  fbtraceId: z.string().nullable(),
});

const traceStep = z.object({
  step: z.string().meta({ description: "written, received, spooled, stored, published, or a status." }),
  at: moment,
  clock: z.enum(["meta", "ours"]),
  receivedAt: moment.optional(),
  attempt: attemptNote.nullable().optional(),
});

export const trace = z
  .object({ messageId: id, chatId: id, fromMe: z.boolean(), steps: z.array(traceStep) })
  .meta({ id: "Trace" });

export const keptEventListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  unread: z.enum(["true", "false"]).optional(),
});

const keptEvent = z
  .object({
    id,
    phoneNumberId: z.string().nullable(),
    wabaId: z.string().nullable(),
    field: z.string().nullable(),
    reason: z.enum(unreadReasons).nullable(),
    receivedAt: moment,
    appliedAt: moment.nullable(),
  })
  .meta({ id: "StoredEvent" });
export const keptEventList = z.object({ data: z.array(keptEvent), ...page }).meta({ id: "StoredEventList" });
export const replayed = z.object({ id, applied: z.boolean() }).meta({ id: "Replayed" });

const count = z.int().min(0);

export const metrics = z
  .object({
    spool: z
      .array(
        z.object({
          shard: z.int(),
          depth: count,
          bytes: count,
          oldestAt: moment.nullable(),
          imports: count.meta({ description: "Old messages of a phone that has just been connected." }),
          commits: z.object({
            batches: count,
            events: count,
            largest: count,
            failures: count,
          }),
        }),
      )
      .nullable()
      .meta({
        description: "Per shard; null when they cannot be asked. Commits are counted since the shard woke.",
      }),
    sends: z.object({ unknown: count, unconfirmed: count, queuedOverOneMinute: count }),
    keptEvents: z.object({ unread: count }),
    resumes: z.object({ current: count, replay: count, reset: count }).nullable().meta({
      description:
        "What clients were told when their chat's socket opened, since the beginning; null when it cannot be asked.",
    }),
  })
  .meta({ id: "Metrics" });
