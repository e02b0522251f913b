import { once } from "node:events";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import { SUBPROTOCOL } from "../../src/realtime/protocol.ts";
import { anAgent } from "../chaos/agents.ts";
import { type ProxyMode, startProxy } from "../chaos/proxy.ts";
import { spoolDepth } from "../chaos/settle.ts";
import { type Frames, framesOf } from "../support/frames.ts";
import { killWorker } from "./kill-worker.ts";
import { deliver, postSigned, realWorker, type TestWorkerOptions } from "./own-system.ts";

/** What happens to a Worker that has come to a failpoint. */
type Fate = "go" | "throw";
type Decide = () => Promise<Fate>;
type Rule = { point: string; part: string | null; decide: Decide };

export type BreakableWorker = Awaited<ReturnType<typeof breakableWorker>>;

/**
 * The Worker as it is deployed, but with failpoints, and with a proxy before its database. What a test has not said
 * anything about goes on, and what it has said ends with it.
 */
export async function breakableWorker(databaseUrl: string, options: TestWorkerOptions = {}) {
  const address = new URL(databaseUrl);
  const proxy = await startProxy(`http://${address.host}`);
  address.port = String(proxy.port);
  let rules: Rule[] = [];
  let isDying = false;
  /** How many processes have been killed so far. */
  let killed = 0;
  /** By name, all points that were come to. */
  const met = new Set<string>();
  const worker = await realWorker(address.href, {
    ...options,
    // Several shards, for what goes wrong in one of them.
    define: { FAILPOINTS: "true", MIN_SHARDS: "4", ...options.define },
    services: {
      FAILPOINT: async ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        const point = pathname.slice(1);
        const part = searchParams.get("part");
        met.add(point);
        const life = killed;
        const rule = rules.find((each) => each.point === point && (each.part ?? part) === part);
        const fate = rule ? await rule.decide() : "go";
        // What still runs while the process dies must not get any further.
        return isDying || life < killed ? await new Promise<never>(() => undefined) : new Response(fate);
      },
    },
  });
  const at = (point: string, part: string | null, decide: Decide) => {
    const rule: Rule = { point, part, decide };
    const forget = () => {
      rules = rules.filter((each) => each !== rule);
    };
    rules.push(rule);
    onTestFinished(forget);
    return forget;
  };
  const admin = await anAgent(worker.url, 1);
  return {
    ...worker,
    admin,
    met,
    /** What happens to calls to the database. */
    database: (mode: ProxyMode) => {
      proxy.set(mode);
      onTestFinished(() => proxy.set("forward"));
    },
    /** Has the process die where it comes to this point next, after `before`. Resolves when the next one is there. */
    killAt: (point: string, before: () => Promise<unknown> = async () => undefined): Promise<void> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const forget = at(point, null, async () => {
        forget();
        isDying = true;
        await before().catch(reject);
        const onKilled = () => {
          isDying = false;
          killed += 1;
        };
        killWorker(worker.port, onKilled).then(resolve, reject);
        return "go";
      });
      return promise;
    },
    killNow: () => killWorker(worker.port),
    /** Has code throw whenever it comes to this point; gives the end of that. */
    throwAt: (point: string, part: string | null = null) => at(point, part, async () => "throw"),
    /** Holds whoever comes to this point until it is opened. */
    holdAt: (point: string, part: string | null = null) => {
      const reached = Promise.withResolvers<void>();
      const opened = Promise.withResolvers<void>();
      const forget = at(point, part, async () => {
        reached.resolve();
        await opened.promise;
        return "go";
      });
      const open = () => {
        forget();
        opened.resolve();
      };
      return { reached: reached.promise, open };
    },
    /** Posts a body as Meta does; 0 when no answer comes. */
    post: (body: string) => postSigned(worker.url, body).catch(() => 0),
    deliver: (body: string) => deliver(worker.url, body),
    /** How much waits in all spools. */
    spooled: () => spoolDepth(admin),
    /** Fires the schedule, as if it were another time. */
    minute: async (at?: Date) => {
      const { origin } = new URL(worker.url);
      const time = at ? `&time=${at.getTime()}` : "";
      const answer = await fetch(`${origin}/cdn-cgi/local/scheduled?cron=*+*+*+*+*${time}`);
      if (!answer.ok) throw new Error(`the schedule answered ${answer.status}`);
    },
    /** As an agent's page does. */
    client: {
      get: admin.get,
      openTab: (chatId: number, query = "") =>
        openTab(worker.url, admin.token, `/chats/${chatId}/socket${query}`),
      openInbox: () => openTab(worker.url, admin.token, "/inbox/socket"),
    },
    close: async () => {
      await worker.close();
      await proxy.close();
    },
  };
}

async function openTab(url: string, token: string, path: string): Promise<Frames> {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, SUBPROTOCOL, { headers });
  const { all, take, end } = framesOf(socket);
  socket.on("message", (data) => take(String(data)));
  socket.on("close", end);
  await once(socket, "open");
  // A connection that is cut off says so before it closes.
  socket.on("error", () => undefined);
  return all;
}
