const PARENT_CHECK_MS = 500;

/**
 * Aborts on SIGINT, SIGTERM and SIGHUP; later signals have no effect. Under `npm run` it also aborts when the parent exits: a
 * shell between npm and us may exit on a signal without forwarding it.
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
