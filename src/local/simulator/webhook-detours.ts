import type { BatchShape, Fault, Faults } from "./faults.ts";
import type { PendingWebhook } from "./webhooks.ts";

/** Sends changes in one POST; resolves when its first attempt is over. */
export type Dispatch = (changes: PendingWebhook[], lane: string, as?: BatchShape) => Promise<void>;

/** The way of a change from having happened to being posted, which faults lengthen. */
export type Detours = {
  /** Resolves when the first attempt is over, or at once when the change is held back or waits for others. */
  admit(change: PendingWebhook): Promise<void>;
  /** Lets go what was held back or gathered. */
  release(): void;
  forget(): void;
};

type Gathering = {
  reorder: Fault<"reorder"> | null;
  batch: Fault<"batch"> | null;
  changes: PendingWebhook[];
  timer: NodeJS.Timeout;
};

const GATHER_MS = 300;

/** Holds, gathers, reorders and batches as the faults say; without faults every change goes straight on. */
export function createDetours(faults: Faults, random: () => number, dispatch: Dispatch): Detours {
  let held: PendingWebhook[] = [];
  let gathering: Gathering | null = null;

  function startGathering(): Gathering | null {
    const reorder = faults.take("reorder");
    const batch = faults.take("batch");
    if (!reorder && !batch) return null;
    return { reorder, batch, changes: [], timer: setTimeout(() => void handOn(), GATHER_MS) };
  }

  async function handOn(): Promise<void> {
    if (!gathering) return;
    const { reorder, batch, changes: gathered, timer } = gathering;
    clearTimeout(timer);
    gathering = null;
    const changes = reorder ? inAnotherOrder(gathered, random) : gathered;
    const size = batch?.size ?? 1;
    const posts = changes.flatMap((_, i) => (i % size === 0 ? [changes.slice(i, i + size)] : []));
    await Promise.all(posts.map((post) => dispatch(post, "gathered", batch?.as)));
  }

  return {
    async admit(change) {
      if (faults.take("hold", ({ events = "statuses" }) => events === "all" || events === change.about)) {
        held.push(change);
        return;
      }
      gathering ??= startGathering();
      if (!gathering) return dispatch([change], change.lane);
      gathering.changes.push(change);
      const enough = Math.max(gathering.reorder?.window ?? 0, gathering.batch?.size ?? 0);
      if (gathering.changes.length >= enough) return handOn();
    },
    release() {
      const released = held;
      held = [];
      for (const change of released) void dispatch([change], change.lane);
      void handOn();
    },
    forget() {
      if (gathering) clearTimeout(gathering.timer);
      gathering = null;
      held = [];
    },
  };
}

/** Shuffled, and surely not as it was: where chance keeps the order, the first goes last. */
function inAnotherOrder<T>(items: T[], random: () => number): T[] {
  const shuffled = items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
  return shuffled.every((item, i) => item === items[i])
    ? [...items.slice(1), ...items.slice(0, 1)]
    : shuffled;
}
