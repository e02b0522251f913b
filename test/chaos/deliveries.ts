import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { APP_SECRET } from "../support/bindings.ts";
import { bodyOf, type Event } from "./events.ts";

const RESPONSE_TIMEOUT_MS = 10_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 2_000;

export type Deliveries = {
  /** Posts the events as Meta does: repeats the POST until it gets a 200. */
  deliver: (events: Event[]) => Promise<void>;
  /** Does the same with a body that contains the events of these keys. */
  deliverBody: (body: string, keys: string[]) => Promise<void>;
  /** The events of these keys are to be nowhere from now on. */
  forget: (keys: string[]) => void;
  /** Waits until every POST has a 200; false after the timeout. */
  finish: (timeoutMs: number) => Promise<boolean>;
  /** Keys of all events. */
  generated: Set<string>;
  /** Keys of the events that got a 200. */
  acknowledged: Set<string>;
  /** One per POST with a 200. */
  latenciesMs: number[];
  /** Counts the responses other than 200 by status; 0: no response. */
  refused: Map<number, number>;
};

export function startDeliveries(url: string): Deliveries {
  const inFlight = new Set<Promise<void>>();
  const deliveries: Deliveries = {
    generated: new Set(),
    acknowledged: new Set(),
    latenciesMs: [],
    refused: new Map(),
    deliver: (events) =>
      deliveries.deliverBody(
        bodyOf(events),
        events.map(({ key }) => key),
      ),
    deliverBody: (body, keys) => {
      for (const key of keys) deliveries.generated.add(key);
      const delivery = postUntilAcknowledged(body, keys).finally(() => inFlight.delete(delivery));
      inFlight.add(delivery);
      return delivery;
    },
    forget: (keys) => {
      for (const key of keys)
        for (const known of [deliveries.generated, deliveries.acknowledged]) known.delete(key);
    },
    finish: async (timeoutMs) => {
      const done = Promise.all(inFlight).then(() => true);
      return await Promise.race([done, sleep(timeoutMs, false, { ref: false })]);
    },
  };
  const postUntilAcknowledged = async (body: string, keys: string[]) => {
    for (let delayMs = RETRY_MIN_MS; ; delayMs = Math.min(delayMs * 2, RETRY_MAX_MS)) {
      const startedAt = performance.now();
      const status = await post(url, body);
      if (status === 200) {
        deliveries.latenciesMs.push(performance.now() - startedAt);
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
  const signal = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
  try {
    const response = await fetch(`${url}/webhook`, { method: "POST", headers, body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
