const reach = globalThis.fetch;

/**
 * Every call of the Worker under test to the network passes through this one, which reaches this machine alone, in the Worker's own
 * runtime, so that a connection that fails looks to it as it does in production. Who would follow a redirect, which could lead
 * elsewhere, gets an error; who asked for `manual` gets the redirect.
 */
globalThis.fetch = async (input, init) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  if (hostname !== "127.0.0.1") throw new Error(`Tests reach this machine alone, not ${hostname}`);
  const redirect = init?.redirect ?? (input instanceof Request ? input.redirect : "follow");
  const answer = await reach(input, { ...init, redirect: "manual" });
  if (redirect !== "manual" && answer.headers.has("location") && answer.status >= 300 && answer.status < 400)
    throw new Error("Tests follow no redirect");
  return answer;
};
