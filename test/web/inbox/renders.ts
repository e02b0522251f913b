import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { atRest, bubbles, type InboxWorld, openChat, row } from "./world.ts";

type Props = Record<string, unknown>;
/** What React keeps of a component; `alternate` is how it was before, and the same objects below it were not rendered. */
type Fiber = { child: Fiber | null; sibling: Fiber | null; alternate: Fiber | null } & {
  flags: number;
  memoizedProps: Props | null;
};
type Counted = typeof globalThis & { renders: { needed: string[]; idle: string[] } };

/**
 * Runs in the page: notes each row of the list and each bubble that is rendered again, as developer tools learn it from React. `idle` is
 * one whose data are still the same objects.
 */
function countRenders(): void {
  const renders: Counted["renders"] = { needed: [], idle: [] };
  const RENDERED = 1;
  const note = ({ flags, memoizedProps: next, alternate }: Fiber) => {
    const before = alternate?.memoizedProps;
    if (!next || !before || (flags & RENDERED) === 0) return;
    const kind = "isInTabOrder" in next ? "chat" : "isMarked" in next ? "message" : null;
    if (kind === null) return;
    const data = [kind, "now", "isOpen", "isInTabOrder", "quoted", "isFirst", "isLast", "isMarked"];
    const isSame = data.every((key) => next[key] === before[key]);
    renders[isSame ? "idle" : "needed"].push(`${kind} ${(next[kind] as { id: number }).id}`);
  };
  const visit = ({ child: first }: Fiber) => {
    for (let child = first; child; child = child.sibling) {
      note(child);
      if (!child.alternate || child.child !== child.alternate.child) visit(child);
    }
  };
  Object.assign(globalThis, {
    renders,
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: (_: number, { current }: { current: Fiber }) => visit(current),
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
    },
  });
}

/** Lets nothing through that the hub says of colleagues: those of the tests before are still leaving. */
async function withoutPresence(page: Page): Promise<void> {
  await page.routeWebSocket(/\/inbox\/socket/, (client) => {
    const server = client.connectToServer();
    server.onMessage((message) => {
      if (!String(message).startsWith('{"type":"presence"')) client.send(message);
    });
  });
}

export function renderTests(world: InboxWorld): void {
  describe("an incoming message", () => {
    it("renders its own row and bubble, and no other (UI-23)", async ({ expect }) => {
      const [open, other] = [await world.customer("Olga Offen"), await world.customer("Otto Anders")];
      for (const customer of [open, other]) await world.say(customer, "Good morning");
      await world.wroteEarlier(
        open,
        Array.from({ length: 12 }, (_, n) => `Earlier ${n}`),
      );
      const tab = await world.open();
      const { page } = tab;
      await withoutPresence(page);
      await page.context().addInitScript(countRenders);
      const shownInRows = Promise.all(
        ["me", "agents", "labels"].map((name) =>
          page.waitForResponse(new RegExp(`/api/waba/${name}(\\?|$)`)),
        ),
      );
      await page.reload();
      await openChat(page, open);
      await bubbles(page, "Earlier 11").waitFor();
      const idOf = async (customer: { phone: string }) =>
        Number((await world.addressOf(customer)).split("/").at(-1));
      const renders = async () => {
        const found = await page.evaluate(() => (globalThis as Counted).renders);
        return { needed: [...new Set(found.needed)], idle: [...new Set(found.idle)] };
      };
      // The chat that is opened has been read, and all that a row shows is loaded.
      await row(page, open, "1 unread message").waitFor({ state: "detached" });
      await shownInRows;
      await atRest(page, async () => JSON.stringify(await renders()));
      await page.evaluate(() => {
        const { renders } = globalThis as Counted;
        renders.needed.length = renders.idle.length = 0;
      });
      await world.say(other, "To the list alone");
      await row(page, other, "To the list alone").waitFor();
      await world.say(open, "To the thread");
      await bubbles(page, "To the thread").waitFor();
      await row(page, open, "To the thread").waitFor();

      const { needed, idle } = await renders();
      expect(needed).toEqual(
        expect.arrayContaining([`chat ${await idOf(open)}`, `chat ${await idOf(other)}`]),
      );
      expect(idle).toEqual([]);
      expectQuiet(tab, expect);
    });
  });
}
