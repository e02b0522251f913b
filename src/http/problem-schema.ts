import { z } from "zod";
import { mediaStates } from "../domain/message.ts";
import { problemCodes } from "../errors.ts";
import { describedCheck } from "./check-schemas.ts";
import { id, message, seq } from "./schemas.ts";

export const fieldError = z
  .object({ pointer: z.string(), code: z.string(), detail: z.string() })
  .meta({ id: "FieldError" });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    retryable: z.boolean(),
    errors: z.array(fieldError).optional(),
    meta: z
      .object({
        code: z.int().nullable(),
        subcode: z.int().nullable(),
        details: z.string().nullable(),
        fbtraceId: z.string().nullable(),
      })
      .optional(),
    reason: z
      .string()
      .optional()
      .meta({ description: "With meta_refused: why, by the code that a message's error has for it." }),
    messageId: id.optional(),
    chatId: id.optional(),
    mediaState: z.enum(mediaStates).optional(),
    mediaProblem: z.string().nullable().optional(),
    templates: z
      .array(z.object({ name: z.string(), language: z.string(), category: z.string().nullable() }))
      .optional()
      .meta({ description: "With window_closed: approved templates that may be sent instead." }),
    checks: z
      .array(describedCheck)
      .optional()
      .meta({ description: "With checks_failed: the checks that failed." }),
    unseen: z
      .array(message)
      .optional()
      .meta({ description: "With chat_moved_on: the colleagues' messages above seenSeq, at most 20." }),
    head: seq.optional().meta({ description: "With chat_moved_on: the chat's last number." }),
    assignee: z
      .object({ id, name: z.string() })
      .nullable()
      .optional()
      .meta({ description: "With stale_version of a chat: who has it; null: nobody." }),
    retryAfter: z.int().optional(),
  })
  .meta({ id: "Problem" });
