const PARENT_CHECK_MS = 500;

/**
 * Aborted by SIGINT, SIGTERM or SIGHUP, however often they come. Under `npm run` also when the parent is gone: a
 * shell between npm and us may die of a signal without passing it on.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) stop.abort();
    }, PARENT_CHECK_MS).unref();
  }
  return stop.signal;
}
