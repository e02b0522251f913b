import type { NewMessage } from "../db/new-messages.ts";

const LIMIT = 10_000;

/** Which chats a phone's recent recipients have. A chat may have been merged since: this is only a hint. */
export class Recipients {
  readonly #chats = new Map<string, number>();

  /** The chat that a message will go to; null when that is not known before it is stored. */
  chatOf({ chatId, ...recipient }: NewMessage): number | null {
    return chatId ?? this.#chats.get(keyOf(recipient)) ?? null;
  }

  store(message: NewMessage, chatId: number): void {
    if (message.chatId !== null) return;
    if (this.#chats.size >= LIMIT) this.#chats.clear();
    this.#chats.set(keyOf(message), chatId);
  }
}

function keyOf({ phone, userId }: Pick<NewMessage, "phone" | "userId">): string {
  return userId ?? phone ?? "";
}
