import { at, listOf } from "./fields.ts";
import type { WebhookChange } from "./webhook-body.ts";

/** One POST of a webhook and the answer to it. What it carried is said by kind. */
export type Delivery = {
  /** Counts up from 1. */
  id: number;
  at: string;
  /** `messages: text`, `messages: status read`, `account_update: ACCOUNT_DELETED`. */
  events: string[];
  /** Of each event: the id of the message that it is or is about; null where it is about none. */
  wamids: (string | null)[];
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
      const items = changes.flatMap(itemsOf);
      const ids = changes.map(({ value }) => at(value, "metadata.phone_number_id"));
      kept.push({
        id: count,
        at: now().toISOString(),
        events: items.map(({ event }) => event),
        wamids: items.map(({ wamid }) => wamid),
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

function itemsOf({ field, value }: WebhookChange): { event: string; wamid: string | null }[] {
  const item = (kind: string, id: unknown) => ({ event: `${field}: ${kind}`, wamid: String(id) });
  const messages = [...listOf(value.messages), ...listOf(value.message_echoes)];
  const items = [
    ...messages.map(({ type, id }) => item(String(type), id)),
    ...listOf(value.statuses).map(({ status, id }) => item(`status ${String(status)}`, id)),
  ];
  if (items.length > 0) return items;
  return [{ event: typeof value.event === "string" ? `${field}: ${value.event}` : field, wamid: null }];
}
