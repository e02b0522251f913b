import type { NewMessage } from "../../src/db/new-messages.ts";
import { parseContent } from "../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../src/whatsapp/content/to-body.ts";

type Chosen = "organizationId" | "organizationPhoneId" | "agentId" | "createdAt";

/** A text of ours as it is persisted before it is sent: to the chat or the phone that `fields` name. */
export function aNewText(text: string, fields: Pick<NewMessage, Chosen> & Partial<NewMessage>): NewMessage {
  const payload = { type: "text", text: { body: text } };
  const content = parseContent(payload);
  return {
    chatId: null,
    phone: null,
    userId: null,
    messageType: "text",
    body: toBody(content),
    content,
    payload,
    freeText: true,
    replyToMessageId: null,
    reaction: null,
    idempotencyKey: null,
    fingerprint: "",
    ...fields,
  };
}
