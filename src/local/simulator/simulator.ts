import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { appSecretOf, callbackOf, isSubscribed } from "./accounts.ts";
import { reportSend, type Simulation } from "./business.ts";
import { controlRoutes } from "./control.ts";
import { createFaults } from "./faults.ts";
import { graphRoutes } from "./graph.ts";
import { pathWithoutVersion } from "./graph-call.ts";
import { openJournal } from "./journal.ts";
import { phonePage } from "./phone-page.ts";
import { createWebhooks } from "./webhooks.ts";
import { defaultPhones, type Records, type SimulatedPhone, type World } from "./world.ts";

export type SimulatorOptions = {
  /** 0 picks a free port. */
  port: number;
  host?: string;
  appSecret: string;
  /** Where webhooks are sent; null holds them back until `setWebhookUrl`. */
  webhookUrl: string | null;
  /** Stores customers, messages, the ledger and undelivered webhooks, so that they survive a restart. */
  dataFile?: string;
  phones?: SimulatedPhone[];
  now?: () => Date;
  random?: () => number;
  log?: (line: string) => void;
};

export type Simulator = {
  url: string;
  port: number;
  setWebhookUrl(url: string | null): void;
  close(): Promise<void>;
};

/**
 * Starts a simulator of Meta: the Graph API at the root, the customer's phone at `/`, the control API at `/simulator`, and
 * signed webhooks. Rejects when the port is taken. With a data file the next start continues from the stored state.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = "127.0.0.1", now = () => new Date(), phones = defaultPhones } = options;
  let app = new Hono<{ Bindings: HttpBindings }>();
  const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env), hostname: host });
  // Closing an idle connection races with a client that is just writing its next request on it.
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, host, resolve);
  });
  // Open the file only once the port is ours: a second simulator must not replace the file of the first. No request can
  // arrive before the app is set, since nothing is awaited in between.
  const journal = openJournal<Records>(options.dataFile);
  const faults = createFaults();
  let { webhookUrl } = options;
  const world: World = {
    journal,
    phones,
    appSecret: options.appSecret,
    webhookUrl: () => webhookUrl,
    now,
  };
  const webhooks = createWebhooks({
    journal,
    faults,
    secret: () => appSecretOf(world),
    url: webhookUrl,
    now,
    isSubscribed: (change) => isSubscribed(world, change),
    callbackOf: (change) => callbackOf(world, change),
    random: options.random ?? Math.random,
    log: options.log ?? (() => undefined),
  });
  const sim: Simulation = { world, faults, webhooks };
  app = simulatorApp(sim);
  // Messages that were accepted right before the last shutdown and not reported yet.
  for (const { wamid, status } of journal.all("message"))
    if (status === "accepted") void reportSend(sim, wamid);
  // A server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    setWebhookUrl(url) {
      webhookUrl = url;
      webhooks.setUrl(url);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await webhooks.close();
      journal.close();
    },
  };
}

function simulatorApp(sim: Simulation): Hono<{ Bindings: HttpBindings }> {
  return new Hono<{ Bindings: HttpBindings }>({ getPath: pathWithoutVersion })
    .route("/", phonePage())
    .get("/favicon.ico", (c) => c.body(null, 204))
    .route("/simulator", controlRoutes(sim))
    .route("/", graphRoutes(sim));
}
