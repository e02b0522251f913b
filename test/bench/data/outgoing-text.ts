import type { createMessage } from "../../../src/db/new-messages.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";
import { aWamid } from "./webhooks.ts";

/** A text to send in the longest chat, with a new idempotency key. */
export function newOutgoingText({
  organizationId,
  phones,
  agentIds,
}: Seeded): Parameters<typeof createMessage>[1] {
  return {
    organizationId,
    organizationPhoneId: phones[0]?.id ?? 0,
    agentId: agentIds[0] ?? 0,
    chatId: LONGEST_CHAT,
    phone: null,
    userId: null,
    messageType: "text",
    body: "Good morning",
    payload: { type: "text", text: { body: "Good morning" } },
    content: { type: "text", text: "Good morning" } as never,
    freeText: false,
    replyToMessageId: null,
    reaction: null,
    idempotencyKey: aWamid(),
    fingerprint: "f".repeat(64),
    createdAt: new Date().toISOString(),
  };
}
