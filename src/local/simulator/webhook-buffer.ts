import type { BatchShape, Fault, Faults } from "./faults.ts";
import type { PendingWebhook } from "./webhooks.ts";

/** Sends changes in one POST; resolves after the first attempt. */
export type Dispatch = (changes: PendingWebhook[], lane: string, as?: BatchShape) => Promise<void>;

/** Applies the faults that hold back, reorder or batch changes before they are posted. */
export type WebhookBuffer = {
  /** Resolves after the first attempt, or at once when the change is held back or waits for others. */
  add(change: PendingWebhook): Promise<void>;
  /** Dispatches everything that was held back or collected. */
  flush(): void;
  clear(): void;
};

type Group = {
  reorder: Fault<"reorder"> | null;
  batch: Fault<"batch"> | null;
  changes: PendingWebhook[];
  timer: NodeJS.Timeout;
};

const GROUP_TIMEOUT_MS = 300;

/** Without faults the buffer dispatches every change at once. */
export function createWebhookBuffer(faults: Faults, random: () => number, dispatch: Dispatch): WebhookBuffer {
  let held: PendingWebhook[] = [];
  let group: Group | null = null;

  function startGroup(): Group | null {
    const reorder = faults.consume("reorder");
    const batch = faults.consume("batch");
    if (!reorder && !batch) return null;
    const waitMs = reorder?.ms ?? batch?.ms ?? GROUP_TIMEOUT_MS;
    return { reorder, batch, changes: [], timer: setTimeout(() => void dispatchGroup(), waitMs) };
  }

  async function dispatchGroup(): Promise<void> {
    if (!group) return;
    const { reorder, batch, changes: collected, timer } = group;
    clearTimeout(timer);
    group = null;
    const changes = reorder ? shuffle(collected, random) : collected;
    const size = batch?.size ?? 1;
    const posts = changes.flatMap((_, i) => (i % size === 0 ? [changes.slice(i, i + size)] : []));
    await Promise.all(posts.map((post) => dispatch(post, "gathered", batch?.as)));
  }

  return {
    async add(change) {
      if (faults.consume("hold", ({ events = "statuses" }) => events === "all" || events === change.about)) {
        held.push(change);
        return;
      }
      group ??= startGroup();
      if (!group) return dispatch([change], change.lane);
      group.changes.push(change);
      const fullSize = Math.max(group.reorder?.window ?? 0, group.batch?.size ?? 0);
      if (group.changes.length >= fullSize) return dispatchGroup();
    },
    flush() {
      const released = held;
      held = [];
      for (const change of released) void dispatch([change], change.lane);
      void dispatchGroup();
    },
    clear() {
      if (group) clearTimeout(group.timer);
      group = null;
      held = [];
    },
  };
}

/** Shuffles, and never returns the original order: if chance does, moves the first item to the end. */
function shuffle<T>(items: T[], random: () => number): T[] {
  const shuffled = items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
  return shuffled.every((item, i) => item === items[i])
    ? [...items.slice(1), ...items.slice(0, 1)]
    : shuffled;
}
