/** What the promise resolves to, or null when it takes longer than `ms`. The work behind the promise is not cancelled. */
export async function withTimeout<Result>(ms: number, promise: Promise<Result>): Promise<Result | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    // A pending timer keeps a Durable Object from hibernating.
    clearTimeout(timer);
  }
}
