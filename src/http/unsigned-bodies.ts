import { AppError } from "../errors.ts";
import { withTimeout } from "../with-timeout.ts";
import { readBoundedBody, readChunks } from "./bounded-body.ts";

/** Ordinary webhooks have a few kilobytes: up to this size none is refused for lack of memory. */
export const LARGE_BODY_BYTES = 64 * 1024;

type Limits = { bodyBytes: number; totalBytes: number; deadlineMs: number };

/**
 * Reads bodies of callers who have not proved who they are: the signature is over the whole body. So that slow or many senders
 * cannot fill the memory, each body has a deadline, and the large ones that are being read have a common limit.
 */
export class UnsignedBodies {
  readonly #limits: Limits;
  #heldBytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Throws `too_large`, and `not_durable` after the deadline or beyond the common limit: Meta delivers again. */
  async read(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    const { bodyBytes, deadlineMs } = this.#limits;
    const declared = Number(request.headers.get("content-length"));
    const isSmall = declared > 0 && declared <= LARGE_BODY_BYTES;
    const reading = isSmall ? readBoundedBody(request, bodyBytes) : this.#readLarge(request);
    const body = await withTimeout(deadlineMs, reading);
    if (body) return body;
    // What comes of it no longer matters.
    reading.catch(() => undefined);
    throw notRead("The body did not arrive in time.");
  }

  async #readLarge(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    const { bodyBytes, totalBytes, deadlineMs } = this.#limits;
    const untilMs = Date.now() + deadlineMs;
    let held = 0;
    try {
      return await readChunks(request, bodyBytes, (bytes) => {
        held += bytes;
        this.#heldBytes += bytes;
        if (Date.now() > untilMs) throw notRead("The body did not arrive in time.");
        if (this.#heldBytes > totalBytes) throw notRead("Too many large bodies are being received.");
      });
    } finally {
      this.#heldBytes -= held;
    }
  }
}

function notRead(reason: string): AppError {
  return new AppError("not_durable", `${reason} Deliver it again.`, { retryAfter: 5 });
}
