import type { Message } from "../../domain/message.ts";

/** Meta repeats a webhook within seconds; what takes longer than this was held up. */
const LATE_MS = 5 * 60_000;

type Arrived = Pick<Message, "fromMe" | "isHistory" | "createdAt" | "receivedAt">;

/** By how many milliseconds a customer's message came late; null when it came in time. */
export function lateBy({ fromMe, isHistory, createdAt, receivedAt }: Arrived): number | null {
  const delayMs = Date.parse(receivedAt) - Date.parse(createdAt);
  return fromMe || isHistory || delayMs < LATE_MS ? null : delayMs;
}
