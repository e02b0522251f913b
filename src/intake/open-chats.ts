import type { Committed } from "../db/committed.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { PendingMessage } from "../realtime/publish.ts";

const MAX_ENTRIES = 5_000;

/**
 * Remembers from commits which chats are watched, so that their new messages can be shown while Postgres is unavailable.
 * Messages of other chats are shown once they are stored.
 */
export class OpenChats {
  readonly #chats = new Map<string, number>();

  record({ chats }: Committed): void {
    for (const { id, watched, phoneNumberId, chat } of chats) {
      for (const identifier of [chat?.contact.phone, chat?.contact.userId]) {
        if (!identifier || phoneNumberId === null) continue;
        const key = keyOf(phoneNumberId, identifier);
        if (!watched) this.#chats.delete(key);
        else {
          if (this.#chats.size >= MAX_ENTRIES) this.#chats.clear();
          this.#chats.set(key, id);
        }
      }
    }
  }

  pendingMessages(events: InboundEvent[]): PendingMessage[] {
    return events.flatMap((event) => {
      if (event.kind !== "message" || event.amends !== null) return [];
      const { phone, userId } = event.contact;
      const found = [userId, phone].map(
        (identifier) => identifier && this.#chats.get(keyOf(event.phoneNumberId, identifier)),
      );
      const chatId = found.find((id) => typeof id === "number");
      const { wamid, fromMe, messageType, body, at: createdAt } = event;
      return typeof chatId === "number" ? [{ chatId, wamid, fromMe, messageType, body, createdAt }] : [];
    });
  }
}

function keyOf(phoneNumberId: string, identifier: string): string {
  return `${phoneNumberId}/${identifier}`;
}
