import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { APP_SECRET } from "../support/bindings.ts";
import { bodyOf, type Event } from "./events.ts";

const ANSWER_LIMIT_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 2_000;

export type Deliveries = {
  /** Posts a body as Meta does, again and again until it has its 200. */
  deliver: (events: Event[]) => Promise<void>;
  /** The same of a body that tells what these keys name. */
  deliverBody: (body: string, keys: string[]) => Promise<void>;
  /** Resolves when every post has its 200; false when that takes longer. */
  finish: (limitMs: number) => Promise<boolean>;
  generated: Set<string>;
  acknowledged: Set<string>;
  /** Of posts that got their 200, in milliseconds. */
  latencies: number[];
  /** How often each answer came that was no 200; 0: none came. */
  refused: Map<number, number>;
};

export function startDeliveries(url: string): Deliveries {
  const underWay = new Set<Promise<void>>();
  const deliveries: Deliveries = {
    generated: new Set(),
    acknowledged: new Set(),
    latencies: [],
    refused: new Map(),
    deliver: (events) =>
      deliveries.deliverBody(
        bodyOf(events),
        events.map(({ key }) => key),
      ),
    deliverBody: (body, keys) => {
      for (const key of keys) deliveries.generated.add(key);
      const delivery = untilAnswered(body, keys).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
      return delivery;
    },
    finish: async (limitMs) => {
      const done = Promise.all(underWay).then(() => true);
      return await Promise.race([done, sleep(limitMs, false, { ref: false })]);
    },
  };
  const untilAnswered = async (body: string, keys: string[]) => {
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)) {
      const startedAt = performance.now();
      const status = await post(url, body);
      if (status === 200) {
        deliveries.latencies.push(performance.now() - startedAt);
        for (const key of keys) deliveries.acknowledged.add(key);
        return;
      }
      deliveries.refused.set(status, (deliveries.refused.get(status) ?? 0) + 1);
      await sleep(delayMs);
    }
  };
  return deliveries;
}

async function post(url: string, body: string): Promise<number> {
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  try {
    const answer = await fetch(`${url}/webhook`, { method: "POST", headers, body, signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
