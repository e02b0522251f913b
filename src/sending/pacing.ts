import type { GraphError } from "../whatsapp/graph-error.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
/** Too many messages to one person: Meta asks for 4^n seconds. */
const PAIR_RATE = 131056;

/** How long to wait before the attempt after this one (the first is 1). Meta's `Retry-After` wins when it is longer. */
export function retryDelayMs(
  { code, retryAfterMs }: Pick<GraphError, "code" | "retryAfterMs">,
  attempts: number,
): number {
  const base = code === PAIR_RATE ? 4 : 2;
  const delayMs = Math.min(FIRST_DELAY_MS * base ** (attempts - 1), LONGEST_DELAY_MS);
  return Math.max(delayMs, retryAfterMs ?? 0);
}
