import { type InboundText, textsOf } from "./meta.ts";
import { type EventFrame, newMessage, windowEnd } from "./rows.ts";
import type { Stored, StoreText } from "./store-text.ts";

/** Sends an event to the sockets of a chat, after the commit. Calls `frameOf` only if the chat has sockets. */
export type Publish = (chatId: number, frameOf: () => EventFrame) => void;

/** Stores every message of a body, then publishes each. */
export async function receive(body: Buffer, storeText: StoreText, publish: Publish): Promise<void> {
  for (const text of textsOf(body)) {
    const stored = await storeText(text);
    if (stored) publish(stored.chatId, () => frameOf(text, stored));
  }
}

function frameOf(text: InboundText, stored: Stored): EventFrame {
  const { chatId, seq, messageId, organizationPhoneId, contactId, unreadCount, receivedAt } = stored;
  const { wamid, createdAt, from, name } = text;
  const facts = { id: messageId, chatId, seq, wamid, fromMe: false, body: text.text, createdAt, receivedAt };
  const message = newMessage(facts);
  const chat = {
    id: chatId,
    organizationPhoneId,
    contact: { id: contactId, name, phone: from },
    head: seq,
    unreadCount,
    lastMessage: message,
    windowExpiresAt: windowEnd(createdAt),
  };
  return { type: "event", chatId, seq, event: "message.created", message, chat };
}
