import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createDeliveries, type Delivery } from "./deliveries.ts";
import type { BatchShape, Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import { composeBody, signBody, type WebhookChange } from "./webhook-body.ts";
import { createWebhookBuffer } from "./webhook-buffer.ts";
import type { Records } from "./world.ts";

/** A change without a 200 so far. */
export type PendingWebhook = WebhookChange & {
  id: string;
  about: "messages" | "statuses" | "other";
  /** Changes with the same lane have their first attempts one after another. */
  lane: string;
  attempts: number;
};

export type Webhooks = {
  /**
   * Delivers the changes until each gets a 200. Drops those that the app is not subscribed to. Resolves after the first
   * attempts, or at once for changes that are held back.
   */
  deliver(changes: Omit<PendingWebhook, "id" | "attempts">[]): Promise<void>;
  /** The default URL; null holds back what no other URL is set for. Sends all pending changes at once. */
  setUrl(url: string | null): void;
  /** Sends all pending changes at once, to the URLs of now. */
  retryNow(): void;
  /** The POSTs so far, also those without a 200, whose id is higher than this one. */
  deliveriesAfter(id: number): Delivery[];
  /** Sends the changes that faults hold back. */
  flush(): void;
  /** Drops everything that is not delivered yet. */
  clear(): void;
  close(): Promise<void>;
};

type Options = {
  journal: Journal<Records>;
  faults: Faults;
  /** The app's secret of now. */
  secret: () => string;
  url: string | null;
  now: () => Date;
  isSubscribed: (change: WebhookChange) => boolean;
  /** Where a change goes instead of the default URL. */
  callbackOf: (change: WebhookChange) => string | null;
  random: () => number;
  log: (line: string) => void;
};

/** The changes of one POST, which is repeated until it gets a 200. */
type Post = { ids: string[]; as: BatchShape | undefined; attempts: number };

const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 60_000;
const RESPONSE_TIMEOUT_MS = 10_000;
const MAX_CONCURRENT_POSTS = 50;

/**
 * Delivers signed webhooks as Meta does: at least once, many at a time. Retries anything but a 200 after 1 s, then after
 * twice the time up to 60 s. Without retries one customer's changes arrive in order; a retried change arrives after later
 * ones. Pending changes are in the journal, and are sent at once after a restart.
 */
export function createWebhooks(options: Options): Webhooks {
  const { journal, faults } = options;
  const stop = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const attempts = new Set<Promise<void>>();
  /** The posts that wait for a retry; without a timer they wait for a URL. */
  const retries = new Map<Post, NodeJS.Timeout | null>();
  const slotWaiters: (() => void)[] = [];
  const deliveries = createDeliveries(options.now);
  let postsInFlight = 0;
  let url = options.url;
  const buffer = createWebhookBuffer(faults, options.random, dispatch);
  for (const change of journal.all("webhook")) void dispatch([change], change.lane);

  function urlOf(change: WebhookChange): string | null {
    return options.callbackOf(change) ?? url;
  }

  async function dispatch(changes: PendingWebhook[], lane: string, as?: BatchShape): Promise<void> {
    const byUrl = [...Map.groupBy(changes, urlOf).values()];
    await Promise.all(byUrl.map((group) => dispatchPost(group, lane, as)));
  }

  function dispatchPost(changes: PendingWebhook[], lane: string, as?: BatchShape): Promise<void> {
    const ids = changes.map((change) => change.id);
    const post = { ids, as, attempts: Math.max(...changes.map((change) => change.attempts)) };
    const first = (lanes.get(lane) ?? Promise.resolve()).then(() => track(attempt(post)));
    lanes.set(lane, first);
    return first.finally(() => {
      if (lanes.get(lane) === first) lanes.delete(lane);
    });
  }

  function track(work: Promise<void>): Promise<void> {
    attempts.add(work);
    return work.finally(() => attempts.delete(work));
  }

  async function attempt(post: Post): Promise<void> {
    retries.delete(post);
    if (stop.signal.aborted) return;
    const [change] = changesOf(post);
    if (!change) return;
    const to = urlOf(change);
    if (to === null) {
      retries.set(post, null);
      return;
    }
    const statuses = await postTo(to, post);
    // After `close` a response has no effect: the next start delivers again.
    if (stop.signal.aborted) return;
    if (statuses.every((status) => status === 200)) {
      for (const id of post.ids) journal.remove("webhook", id);
      return;
    }
    post.attempts += 1;
    for (const change of changesOf(post))
      journal.put("webhook", change.id, { ...change, attempts: post.attempts });
    if (changesOf(post).length === 0) return;
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** (post.attempts - 1));
    retries.set(
      post,
      setTimeout(() => void track(attempt(post)), delayMs),
    );
  }

  /** The HTTP status of each copy, 0 without a response; empty when nothing is left to deliver. */
  async function postTo(to: string, post: Post): Promise<number[]> {
    const delay = faults.consume("delay");
    if (delay) await wait(delay.ms, undefined, { signal: stop.signal }).catch(() => undefined);
    if (postsInFlight >= MAX_CONCURRENT_POSTS)
      await new Promise<void>((resolve) => slotWaiters.push(resolve));
    postsInFlight += 1;
    try {
      const changes = changesOf(post);
      if (changes.length === 0) return [];
      const secret = faults.consume("badSignature") ? `not ${options.secret()}` : options.secret();
      const { bytes, signature } = signBody(composeBody(changes, post.as), secret);
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const copies = 1 + (faults.consume("duplicate")?.copies ?? 0);
      const send = () => postOnce(to, { method: "POST", headers, body: Buffer.from(bytes) });
      const startedMs = performance.now();
      const statuses = await Promise.all(Array.from({ length: copies }, send));
      deliveries.add(changes, statuses, Math.round(performance.now() - startedMs));
      options.log(`webhook: ${changes.map((change) => change.about).join(", ")} → ${statuses.join(", ")}`);
      return statuses;
    } finally {
      postsInFlight -= 1;
      slotWaiters.shift()?.();
    }
  }

  async function postOnce(to: string, init: RequestInit): Promise<number> {
    try {
      const limit = AbortSignal.any([stop.signal, AbortSignal.timeout(RESPONSE_TIMEOUT_MS)]);
      const response = await fetch(to, { ...init, redirect: "manual", signal: limit });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  function changesOf(post: Post): PendingWebhook[] {
    return post.ids.map((id) => journal.get("webhook", id)).filter((change) => change !== null);
  }

  function retryNow(): void {
    for (const [post, timer] of [...retries]) {
      if (timer) clearTimeout(timer);
      void track(attempt(post));
    }
  }

  return {
    async deliver(changes) {
      const subscribed = changes.filter(options.isSubscribed);
      const pending = subscribed.map((change) => ({ ...change, id: randomUUID(), attempts: 0 }));
      for (const change of pending) journal.put("webhook", change.id, change);
      await Promise.all(pending.map(buffer.add));
    },
    setUrl(next) {
      url = next;
      retryNow();
    },
    retryNow,
    deliveriesAfter: deliveries.after,
    flush: buffer.flush,
    clear() {
      for (const change of journal.all("webhook")) journal.remove("webhook", change.id);
      for (const timer of retries.values()) if (timer) clearTimeout(timer);
      retries.clear();
      buffer.clear();
    },
    async close() {
      stop.abort();
      for (const timer of retries.values()) if (timer) clearTimeout(timer);
      buffer.clear();
      for (const resume of slotWaiters) resume();
      await Promise.all([...lanes.values(), ...attempts]);
    },
  };
}
