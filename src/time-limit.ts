/** What a promise gives, or null when it takes longer than `ms`: then nobody waits for it any more, but it goes on. */
export async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result | null> {
  const { promise: limit, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    // A timer that is left keeps a Durable Object from hibernating.
    clearTimeout(timer);
  }
}
