import { AppError } from "../errors.ts";
import { withTimeout } from "../with-timeout.ts";
import { readBoundedBody, readChunks } from "./bounded-body.ts";
import { HeldBytes } from "./held-bytes.ts";

/** Ordinary webhooks have a few kilobytes, and are never refused for lack of memory. */
const SMALL_BYTES = 64 * 1024;

type Limits = { bodyBytes: number; totalBytes: number; deadlineMs: number };

/**
 * Reads bodies of callers who have not proved who they are: the signature is over the whole body. So that slow or many senders
 * cannot fill the memory, each body has a deadline, and the large ones that are being read have a common limit.
 */
export class UnsignedBodies {
  readonly #limits: Limits;
  readonly #held: HeldBytes;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#held = new HeldBytes(limits.deadlineMs, Date.now);
  }

  /** Throws `too_large`, and `not_durable` after the deadline or beyond the common limit: Meta delivers again. */
  async read(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    const { bodyBytes, deadlineMs } = this.#limits;
    const declared = Number(request.headers.get("content-length"));
    const isSmall = declared > 0 && declared <= SMALL_BYTES;
    const reading = isSmall ? readBoundedBody(request, bodyBytes) : this.#readLarge(request);
    const body = await withTimeout(deadlineMs, reading);
    if (body) return body;
    // What comes of it no longer matters.
    reading.catch(() => undefined);
    throw notRead("The body did not arrive in time.");
  }

  async #readLarge(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    const { bodyBytes, totalBytes } = this.#limits;
    const hold = this.#held.begin(0);
    try {
      return await readChunks(request, bodyBytes, (bytes) => {
        hold.bytes += bytes;
        if (Date.now() > hold.untilMs) throw notRead("The body did not arrive in time.");
        if (this.#held.total > totalBytes) throw notRead("Too many large bodies are being received.");
      });
    } finally {
      this.#held.end(hold);
    }
  }
}

function notRead(reason: string): AppError {
  return new AppError("not_durable", `${reason} Deliver it again.`, { retryAfter: 5 });
}
