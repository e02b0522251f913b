import type { Committed } from "../db/committed.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { PendingMessage } from "../realtime/publish.ts";

const REMEMBERED = 5_000;

/**
 * Which customers' chats are watched, as far as commits have told: so that their messages can still be shown while Postgres
 * is away. What is not remembered is shown when it is stored.
 */
export class OpenChats {
  readonly #chats = new Map<string, number>();

  learn({ chats }: Committed): void {
    for (const { id, watched, phoneNumberId, chat } of chats) {
      for (const who of [chat?.contact.phone, chat?.contact.userId]) {
        if (!who || phoneNumberId === null) continue;
        const key = keyOf(phoneNumberId, who);
        if (!watched) this.#chats.delete(key);
        else {
          if (this.#chats.size >= REMEMBERED) this.#chats.clear();
          this.#chats.set(key, id);
        }
      }
    }
  }

  of(events: InboundEvent[]): PendingMessage[] {
    return events.flatMap((event) => {
      if (event.kind !== "message" || event.amends !== null) return [];
      const { phone, userId } = event.contact;
      const found = [userId, phone].map((who) => who && this.#chats.get(keyOf(event.phoneNumberId, who)));
      const chatId = found.find((id) => typeof id === "number");
      const { wamid, fromMe, messageType, body, at: createdAt } = event;
      return typeof chatId === "number" ? [{ chatId, wamid, fromMe, messageType, body, createdAt }] : [];
    });
  }
}

function keyOf(phoneNumberId: string, who: string): string {
  return `${phoneNumberId}/${who}`;
}
