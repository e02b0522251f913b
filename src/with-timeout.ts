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

/** What the promise resolves to. Rejects with `message` when it takes longer than `ms`; the work is not cancelled. */
export async function orTimeout<Result>(
  ms: number,
  promise: Promise<Result>,
  message: string,
): Promise<Result> {
  const settled = await withTimeout(
    ms,
    promise.then((result) => ({ result })),
  );
  if (settled === null) throw new Error(message);
  return settled.result;
}
