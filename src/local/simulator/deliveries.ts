import { at, listOf } from "./fields.ts";
import type { WebhookChange } from "./webhook-body.ts";

/** One POST of a webhook and the answer to it. Names nobody: what it carried is said by kind. */
export type Delivery = {
  /** Counts up from 1. */
  id: number;
  at: string;
  /** `messages: text`, `messages: status read`, `account_update: ACCOUNT_DELETED`. */
  events: string[];
  phoneNumberIds: string[];
  /** The HTTP status of each copy; 0 without an answer. */
  statuses: number[];
  milliseconds: number;
};

const KEPT = 1000;

/** The last deliveries, in memory. */
export function createDeliveries(now: () => Date) {
  const kept: Delivery[] = [];
  let count = 0;
  return {
    add(changes: WebhookChange[], statuses: number[], milliseconds: number): void {
      count += 1;
      const ids = changes.map(({ value }) => at(value, "metadata.phone_number_id"));
      kept.push({
        id: count,
        at: now().toISOString(),
        events: changes.flatMap(eventsOf),
        phoneNumberIds: [...new Set(ids)].filter((id) => typeof id === "string"),
        statuses,
        milliseconds,
      });
      if (kept.length > KEPT) kept.shift();
    },
    /** Those with a higher id; all of them for an id that an earlier simulator gave. */
    after: (id: number): Delivery[] => kept.filter((delivery) => delivery.id > (id > count ? 0 : id)),
  };
}

function eventsOf({ field, value }: WebhookChange): string[] {
  const messages = listOf(value.messages).map(({ type }) => String(type));
  const statuses = listOf(value.statuses).map(({ status }) => `status ${String(status)}`);
  const items = [...messages, ...statuses];
  if (items.length === 0 && typeof value.event === "string") items.push(value.event);
  return items.length === 0 ? [field] : items.map((item) => `${field}: ${item}`);
}
