import { TYPING_SHOWN_MS } from "../../realtime/protocol.ts";

/** When this agent typed last: what a new connection does not know, and colleagues would still be shown. */
export class OwnTyping {
  #atMs = Number.NEGATIVE_INFINITY;

  /** The agent types, or has sent, deleted or left what they typed. */
  set(isTyping: boolean): void {
    this.#atMs = isTyping ? Date.now() : Number.NEGATIVE_INFINITY;
  }

  isFresh(): boolean {
    return Date.now() - this.#atMs < TYPING_SHOWN_MS;
  }
}
