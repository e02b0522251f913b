/**
 * One read for many: whoever asks while a read is under way shares the next one, which starts from the smallest number
 * that was asked for. So a storm of reconnects costs a chat a read at a time, and nobody gets one older than his question.
 */
export function sharedRead<Result>(
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
