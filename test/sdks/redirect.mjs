// Loaded before an SDK: every TLS connection to graph.facebook.com goes to the front of the simulator, which has its certificate.
import { createRequire } from "node:module";

const tls = createRequire(import.meta.url)("node:tls");
const { connect } = tls;
const port = Number(process.env.FRONT_PORT);

tls.connect = function redirected(...args) {
  const [options] = args;
  const host = options?.host ?? options?.hostname ?? options?.servername;
  if (host !== "graph.facebook.com") throw new Error(`An SDK connects to ${host}`);
  return connect.call(
    tls,
    { ...options, host: "127.0.0.1", port, servername: host, path: undefined },
    ...args.slice(1),
  );
};
