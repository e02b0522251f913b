import { z } from "zod";
import { activityKinds } from "../domain/activity.ts";
import { chatStatuses, MOST_COUNTED } from "../domain/chat.ts";
import { chatEventNames } from "../domain/chat-event.ts";
import { chat, cursor, id, idInPath, limit, message, moment, page, seq } from "./schemas.ts";

// Schemas of lists of chats, of their changes and of their events.

const activity = z
  .object({
    seq,
    kind: z.enum(activityKinds),
    agentId: id.nullable(),
    assigneeId: id.nullable(),
    previousAssigneeId: id.nullable(),
    snoozedUntil: moment.nullable(),
    labelId: id.nullable(),
    createdAt: moment,
  })
  .meta({ id: "Activity", description: "What an agent did with a chat: a line of its thread." });
export const activityList = z.object({ data: z.array(activity), ...page }).meta({ id: "ActivityList" });

export const note = z
  .object({
    id,
    chatId: id,
    seq,
    agentId: id,
    body: z.string().meta({ description: "Empty once it is deleted." }),
    mentions: z.array(id),
    createdAt: moment,
    editedAt: moment.nullable(),
    deletedAt: moment.nullable(),
  })
  .meta({ id: "ChatNote" });

const chatEvent = z.object({
  chatId: id,
  seq,
  event: z.enum(chatEventNames),
  message: message.optional(),
  chat: chat.optional(),
  activity: activity.optional(),
  note: note.optional(),
});
export const eventList = z
  .object({ data: z.array(chatEvent), ...page, head: seq, epoch: z.string() })
  .meta({ id: "EventList" });

export const chatListQuery = z.strictObject({
  cursor,
  limit: limit(100),
  organizationPhoneId: idInPath.optional(),
  status: z.enum(chatStatuses).optional(),
  assignee: z.enum(["me", "none"]).optional().meta({ description: "My chats, or those of nobody." }),
  unread: z.enum(["true"]).optional().meta({ description: "Only chats with unread messages." }),
  labelId: idInPath.optional().meta({ description: "Only chats with this label." }),
  mentioned: z.enum(["me"]).optional().meta({
    description: "Only chats in which a note mentions me, until I read them.",
  }),
});

export const chatCountsQuery = chatListQuery.pick({ organizationPhoneId: true, status: true, labelId: true });

const viewCount = z.object({ chats: z.int(), unread: z.int() });
export const chatCounts = z
  .object({
    mine: viewCount,
    unassigned: viewCount,
    all: viewCount,
    mentioned: z
      .int()
      .meta({ description: "The chats in which a note mentions me, whatever the other filters." }),
  })
  .meta({ id: "ChatCounts", description: `Up to ${MOST_COUNTED}, which means as many or more.` });

export const chatPatch = z
  .strictObject({
    assigneeId: z
      .union([id, z.literal("me"), z.null()])
      .optional()
      .meta({ description: "Null: of nobody." }),
    ifAssigneeId: id.nullable().optional().meta({
      description:
        "Only if the chat has this assignee (null: none) or already the new one; else 412 with who has it.",
    }),
    status: z.enum(chatStatuses).optional(),
    snoozedUntil: moment
      .optional()
      .meta({ description: "With `snoozed`: when it opens again automatically." }),
  })
  .refine(({ assigneeId, status }) => (assigneeId === undefined) !== (status === undefined), {
    message: "Pass either assigneeId or status.",
    path: ["status"],
  })
  .refine(({ assigneeId, ifAssigneeId }) => ifAssigneeId === undefined || assigneeId !== undefined, {
    message: "Pass it with assigneeId.",
    path: ["ifAssigneeId"],
  })
  .refine(({ status, snoozedUntil }) => (status === "snoozed") === (snoozedUntil !== undefined), {
    message: "Pass it with the status snoozed, and only then.",
    path: ["snoozedUntil"],
  })
  .meta({ id: "ChatPatch", examples: [{ assigneeId: "me", ifAssigneeId: null }] });

/** `seq`: the last event that the agent has seen. Later messages stay unread. */
export const readRequest = z.strictObject({ seq: seq.optional() });
