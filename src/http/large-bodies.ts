import { AppError } from "../errors.ts";
import { LARGE_BODY_BYTES } from "./unsigned-bodies.ts";

/**
 * Bounds how many bytes of large bodies are stored at once. While it is stored, a text is in memory several times: in the body, in the
 * event, and as the shard has both. Where storing takes long, hundreds of long texts would fill an isolate, which loses all that it
 * holds.
 */
export class LargeBodies {
  readonly #limitBytes: number;
  #heldBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Throws `not_durable` beyond the limit: Meta delivers again. Small ones are never refused, nor is one alone. */
  async whileHeld(bytes: number, store: () => Promise<void>): Promise<void> {
    if (bytes <= LARGE_BODY_BYTES) return await store();
    if (this.#heldBytes > 0 && this.#heldBytes + bytes > this.#limitBytes)
      throw new AppError("not_durable", "Too many large bodies are being stored. Deliver it again.", {
        retryAfter: 5,
      });
    this.#heldBytes += bytes;
    try {
      await store();
    } finally {
      this.#heldBytes -= bytes;
    }
  }
}
