import { AppError } from "../errors.ts";
import { LARGE_BODY_BYTES } from "./unsigned-bodies.ts";

/**
 * Bounds how many large bodies are stored at once. While it is stored, a text is in memory several times: in the body, in the event, and as
 * the shard has both. Where storing takes long, hundreds of long texts would fill an isolate, which loses all that it holds.
 */
export class LargeBodies {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws `not_durable` when too many are being stored already: Meta delivers again. Small ones are never refused. */
  async whileHeld(bytes: number, store: () => Promise<void>): Promise<void> {
    if (bytes <= LARGE_BODY_BYTES) return await store();
    if (this.#held >= this.#limit)
      throw new AppError("not_durable", "Too many large bodies are being stored. Deliver it again.", {
        retryAfter: 5,
      });
    this.#held += 1;
    try {
      await store();
    } finally {
      this.#held -= 1;
    }
  }
}
