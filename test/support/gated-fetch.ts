const reach = globalThis.fetch;

/**
 * Every call of the Worker under test to the network passes through this one, which reaches this machine alone. It follows no
 * redirect, which could lead elsewhere; the source follows none either. Beside the Worker, in its own runtime, so that a
 * connection that fails looks to it as it does in production.
 */
globalThis.fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  if (hostname !== "127.0.0.1") throw new Error(`Tests reach this machine alone, not ${hostname}`);
  return await reach(input, { ...init, redirect: "manual" });
};
