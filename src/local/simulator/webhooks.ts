import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { BatchShape, Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import { composeBody, signBody, type WebhookChange } from "./webhook-body.ts";
import { createDetours } from "./webhook-detours.ts";
import type { Records } from "./world.ts";

/** A change that the webhook has not answered with 200 yet. */
export type PendingWebhook = WebhookChange & {
  id: string;
  about: "messages" | "statuses" | "other";
  /** The first attempts of what shares a lane follow one another. */
  lane: string;
  attempts: number;
};

export type Webhooks = {
  /**
   * Keeps the changes until each has had its 200; those of a WABA that the app is not subscribed to are
   * dropped. Resolves when their first attempt is over, or at once for what is held back.
   */
  deliver(changes: Omit<PendingWebhook, "id" | "attempts">[]): Promise<void>;
  /** Null keeps everything back; a new address is tried at once with all that waits. */
  setUrl(url: string | null): void;
  /** Lets go what the faults held back or gathered. */
  release(): void;
  /** Forgets everything that was not delivered. */
  clear(): void;
  close(): Promise<void>;
};

type Options = {
  journal: Journal<Records>;
  faults: Faults;
  appSecret: string;
  url: string | null;
  random: () => number;
  log: (line: string) => void;
};

/** What goes out in one POST, again and again until it is answered with 200. */
type Post = { ids: string[]; as: BatchShape | undefined; attempts: number };

const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 60_000;
const ANSWER_LIMIT_MS = 10_000;
const MOST_AT_ONCE = 50;

/**
 * Delivers signed webhooks as Meta does: at least once, many at a time, anything but a 200 is tried again
 * after 1 s, then twice as long each time up to 60 s. In good weather what concerns one customer arrives in
 * order; a change that has to be repeated is overtaken. What is pending is in the journal, and is tried at
 * once after a restart.
 */
export function createWebhooks(options: Options): Webhooks {
  const { journal, faults } = options;
  const stop = new AbortController();
  const lanes = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  const waiting = new Map<Post, NodeJS.Timeout | null>();
  const turns: (() => void)[] = [];
  let busy = 0;
  let url = options.url;
  const detours = createDetours(faults, options.random, dispatch);
  for (const change of journal.all("webhook")) void dispatch([change], change.lane);

  function dispatch(changes: PendingWebhook[], lane: string, as?: BatchShape): Promise<void> {
    const attempts = Math.max(...changes.map((change) => change.attempts));
    const post = { ids: changes.map((change) => change.id), as, attempts };
    const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => track(attempt(post)));
    lanes.set(lane, turn);
    return turn.finally(() => {
      if (lanes.get(lane) === turn) lanes.delete(lane);
    });
  }

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function attempt(post: Post): Promise<void> {
    waiting.delete(post);
    if (stop.signal.aborted) return;
    if (url === null) {
      waiting.set(post, null);
      return;
    }
    const statuses = await postTo(url, post);
    // An answer after closing decides nothing: the next start delivers again.
    if (stop.signal.aborted) return;
    if (statuses.every((status) => status === 200)) {
      for (const id of post.ids) journal.remove("webhook", id);
      return;
    }
    post.attempts += 1;
    for (const change of changesOf(post))
      journal.put("webhook", change.id, { ...change, attempts: post.attempts });
    if (changesOf(post).length === 0) return;
    const delayMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (post.attempts - 1));
    waiting.set(
      post,
      setTimeout(() => void track(attempt(post)), delayMs),
    );
  }

  /**
   * The status of each copy that went out, 0 where there was no answer; empty when nothing is left to
   * deliver.
   */
  async function postTo(to: string, post: Post): Promise<number[]> {
    const delay = faults.take("delay");
    if (delay) await wait(delay.ms, undefined, { signal: stop.signal }).catch(() => undefined);
    if (busy >= MOST_AT_ONCE) await new Promise<void>((resolve) => turns.push(resolve));
    busy += 1;
    try {
      const changes = changesOf(post);
      if (changes.length === 0) return [];
      const secret = faults.take("badSignature") ? `not ${options.appSecret}` : options.appSecret;
      const { bytes, signature } = signBody(composeBody(changes, post.as), secret);
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const copies = 1 + (faults.take("duplicate")?.copies ?? 0);
      const send = () => postOnce(to, { method: "POST", headers, body: Buffer.from(bytes) });
      const statuses = await Promise.all(Array.from({ length: copies }, send));
      options.log(`webhook: ${changes.map((change) => change.about).join(", ")} → ${statuses.join(", ")}`);
      return statuses;
    } finally {
      busy -= 1;
      turns.shift()?.();
    }
  }

  async function postOnce(to: string, init: RequestInit): Promise<number> {
    try {
      const limit = AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
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
    for (const [post, timer] of [...waiting]) {
      if (timer) clearTimeout(timer);
      void track(attempt(post));
    }
  }

  return {
    async deliver(changes) {
      const heard = changes.filter(({ wabaId }) => journal.get("unsubscribed", wabaId) === null);
      const pending = heard.map((change) => ({ ...change, id: randomUUID(), attempts: 0 }));
      for (const change of pending) journal.put("webhook", change.id, change);
      await Promise.all(pending.map(detours.admit));
    },
    setUrl(next) {
      url = next;
      retryNow();
    },
    release: detours.release,
    clear() {
      for (const change of journal.all("webhook")) journal.remove("webhook", change.id);
      for (const timer of waiting.values()) if (timer) clearTimeout(timer);
      waiting.clear();
      detours.forget();
    },
    async close() {
      stop.abort();
      for (const timer of waiting.values()) if (timer) clearTimeout(timer);
      detours.forget();
      for (const turn of turns) turn();
      await Promise.all([...lanes.values(), ...underWay]);
    },
  };
}
