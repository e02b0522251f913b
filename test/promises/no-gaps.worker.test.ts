import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, it } from "vitest";
import type { Committed } from "../../src/db/committed.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { aClient, type Client, load } from "../support/client-store.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import { publishNow } from "../support/publish-now.ts";
import { anEdit, aReaction, aRevoke, aTextOf, ingestItems } from "../support/stored.ts";

/** What happens in the chat, how it is published to the room, and what becomes of the client and the room meanwhile. */
const happenings = ["text", "reply", "echo", "status", "reaction", "edit", "revoke", "three"] as const;
const publications = ["once", "twice", "never", "later"] as const;
const disturbances = ["leave", "return", "sync", "hibernate"] as const;

type Happening = {
  kind: (typeof happenings)[number];
  publication: (typeof publications)[number];
  about: number;
};
type Step = Happening | { kind: (typeof disturbances)[number] };
type Chat = Awaited<ReturnType<typeof aChat>>;

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(...happenings),
      publication: fc.constantFrom(...publications),
      about: fc.nat(5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom(...disturbances) }) },
);

const RUNS = 20;
/** The first client says that it has less than the room has sent it, while the room reads what the second lacks. */
const SYNC_AMID_A_READ: Step[] = [
  { kind: "text", publication: "once", about: 0 },
  { kind: "leave" },
  { kind: "text", publication: "never", about: 0 },
];

describe("no gaps", () => {
  it("old state and events are what a fresh load gives, whatever happens between", {
    timeout: 400_000,
  }, async ({ expect }) => {
    const ground = await anOrganization();
    const anna = await as(ground);
    const resumes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 8, maxLength: 30 }), async (steps) => {
        const chat = await aChat(ground);
        const clients = [await aClient(anna, chat.id), await aClient(anna, chat.id)] as const;
        const opened = await play(steps, chat, clients);
        for (const resume of opened) resumes.set(resume, (resumes.get(resume) ?? 0) + 1);

        const fresh = await load(anna, chat.id);
        for (const client of clients) expect(await client.reach(fresh.seq)).toEqual(fresh);
        for (const client of clients) await client.disconnect();
      }),
      { numRuns: RUNS, examples: [[SYNC_AMID_A_READ]] },
    );
    // It was not all idle.
    expect(resumes.get("replay")).toBeGreaterThan(RUNS / 10);
  });
});

/** The first client comes and goes, the second stays; in the end both say what they have. Gives how the first resumed. */
async function play(steps: Step[], chat: Chat, [goes, stays]: readonly [Client, Client]): Promise<string[]> {
  const resumed: string[] = [];
  const wamids: string[] = [];
  let late: Committed[] = [];
  let isThere = true;
  const come = async () => {
    if (!isThere) resumed.push(await goes.connect());
    isThere = true;
  };
  for (const step of steps) {
    switch (step.kind) {
      case "leave":
        if (isThere) await goes.disconnect();
        isThere = false;
        break;
      case "return":
        await come();
        break;
      case "sync":
        stays.sync();
        break;
      case "hibernate":
        // It is refused when the room sleeps already.
        await evictDurableObject(env.CHAT_ROOM.getByName(String(chat.id))).catch(() => undefined);
        break;
      default: {
        const committed = await ingestItems(chat, ...itemsOf(step, chat, wamids));
        if (step.publication === "later") {
          late.push(committed);
          break;
        }
        const published = { once: [committed], twice: [committed, committed], never: [] }[step.publication];
        await Promise.all([...published, ...late].map(publishNow));
        late = [];
      }
    }
  }
  await come();
  for (const client of [goes, stays]) client.sync();
  return resumed;
}

function itemsOf({ kind, about }: Happening, { customer: from }: Chat, wamids: string[]): Item[] {
  const wamid = aWamid();
  const target = wamids[about % Math.max(wamids.length, 1)] ?? aWamid();
  switch (kind) {
    case "text":
    case "reply":
      wamids.push(wamid);
      return [aTextOf(`text ${about}`, { from, wamid, ...(kind === "reply" && { replyTo: target }) })];
    case "echo":
      wamids.push(wamid);
      return [aTextOf(`echo ${about}`, { to: from, wamid })];
    case "status":
      return [aStatus(target, ["sent", "delivered", "read"][about % 3] ?? "sent")];
    case "reaction":
      return [aReaction(target, about > 1 ? "👍" : undefined, about % 2 === 0 ? { from } : { to: from })];
    case "edit":
      return [anEdit(target, `edit ${about}`, about % 2 === 0 ? { from } : { to: from })];
    case "revoke":
      return [aRevoke(target, about % 2 === 0 ? { from } : { to: from })];
    case "three":
      return [1, 2, 3].map((i) => aTextOf(`text ${i}`, { from, name: `Name ${about}` }));
    default:
      return kind satisfies never;
  }
}
