import { REPLAY_LIMIT_EVENTS, type Resume } from "./protocol.ts";

type Client = { since: number | null; epoch: string | null };
type Log = { head: number; epoch: string; firstSeq: number };

/**
 * How a connecting client resumes. `current`: it missed nothing. `replay`: it gets what it missed. `reset`: it must load the
 * chat again, because it sent no number or epoch, has another epoch, is ahead of the chat, is too far behind, or missed events
 * that were removed since: those before `firstSeq`.
 */
export function planResume({ since, epoch }: Client, chat: Log): Resume {
  if (since === null || epoch !== chat.epoch || since > chat.head) return "reset";
  if (chat.head - since > REPLAY_LIMIT_EVENTS) return "reset";
  if (since + 1 < chat.firstSeq) return "reset";
  return since === chat.head ? "current" : "replay";
}

/**
 * Coalesces reads: callers that arrive while a read is under way share the next one, which starts from the lowest number
 * any of them asked for. So a storm of reconnects costs a chat one read at a time, and no caller gets a result that is older
 * than its call.
 */
export function coalesceReads<Result>(
  read: (after: number) => Promise<Result>,
): (after: number) => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve();
  let next: { after: number; result: Promise<Result> } | null = null;
  return (after) => {
    if (next) {
      next.after = Math.min(next.after, after);
      return next.result;
    }
    const start = async () => {
      await running.catch(() => undefined);
      const from = next?.after ?? after;
      next = null;
      const result = read(from);
      running = result;
      return await result;
    };
    next = { after, result: start() };
    return next.result;
  };
}
