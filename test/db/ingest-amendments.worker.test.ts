import { describe, it } from "vitest";
import { pageOfMessages } from "../../src/db/messages.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { aWamid, type Item } from "../support/meta.ts";
import {
  anEdit,
  aReaction,
  aRevoke,
  aTextOf,
  chatOf,
  ingestItems,
  logOf,
  messageOf,
  messagesWhere,
} from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

/** The customer's text, "Hello" at noon; and what the customer and we do to it, seconds after. */
type Scene = { target: string; they: (at: number) => ItemFields; we: (at: number) => ItemFields };
type ItemFields = { from?: string; to?: string; at: Date; wamid: string };

const thumb = { emoji: "👍", fromMe: false };
const heart = { emoji: "❤️", fromMe: true };
const deleted = { body: "[deleted]", revokedAt: later(5) };

const cases: [name: string, items: (scene: Scene) => Item[], row: object][] = [
  ["a reaction", ({ target, they }) => [aReaction(target, "👍", they(1))], { reactions: [thumb] }],
  [
    "one reaction of each side",
    ({ target, they, we }) => [aReaction(target, "👍", they(1)), aReaction(target, "❤️", we(2))],
    { reactions: [thumb, heart] },
  ],
  [
    "a second reaction of the same side",
    ({ target, they }) => [aReaction(target, "😀", they(1)), aReaction(target, "👍", they(2))],
    { reactions: [thumb] },
  ],
  [
    "two reactions in one second, of which the greater wamid has it",
    ({ target, they }) => [
      aReaction(target, "👍", { ...they(1), wamid: "wamid.b" }),
      aReaction(target, "😀", { ...they(1), wamid: "wamid.a" }),
    ],
    { reactions: [thumb] },
  ],
  [
    "a reaction taken back without an emoji",
    ({ target, they }) => [aReaction(target, "👍", they(1)), aReaction(target, undefined, they(2))],
    { reactions: [] },
  ],
  [
    "a reaction taken back with an empty emoji, and the other side's",
    ({ target, they, we }) => [
      aReaction(target, "❤️", we(1)),
      aReaction(target, "👍", they(2)),
      aReaction(target, "", they(3)),
    ],
    { reactions: [heart] },
  ],
  [
    "a reaction after one was taken back",
    ({ target, they }) => [aReaction(target, "", they(1)), aReaction(target, "👍", they(2))],
    { reactions: [thumb] },
  ],
  [
    "an edit",
    ({ target, they }) => [anEdit(target, "Hi", they(1))],
    { body: "Hi", editedAt: later(1), revokedAt: null },
  ],
  [
    "the later of two edits",
    ({ target, they }) => [anEdit(target, "Hi", they(1)), anEdit(target, "Good day", they(2))],
    { body: "Good day", editedAt: later(2) },
  ],
  ["a revoke", ({ target, they }) => [aRevoke(target, they(5))], deleted],
  [
    "a revoke and an edit before it",
    ({ target, they }) => [anEdit(target, "Hi", they(1)), aRevoke(target, they(5))],
    deleted,
  ],
  [
    "a revoke and an edit after it",
    ({ target, they }) => [aRevoke(target, they(5)), anEdit(target, "Hi", they(9))],
    deleted,
  ],
  ["two revokes", ({ target, they }) => [aRevoke(target, they(7)), aRevoke(target, they(5))], deleted],
  [
    "an edit by the other side",
    ({ target, we }) => [anEdit(target, "Ours", we(1))],
    { body: "Hello", editedAt: null },
  ],
  [
    "a revoke by the other side",
    ({ target, we }) => [aRevoke(target, we(1))],
    { body: "Hello", revokedAt: null },
  ],
];

const inOrder: [name: string, order: (items: Item[]) => Item[], batchSize: number][] = [
  ["one by one", (items) => items, 1],
  ["one by one, the message last", (items) => items.toReversed(), 1],
  ["together", (items) => items, 10],
  ["together, the message last", (items) => items.toReversed(), 10],
];

describe("an amendment of a message", () => {
  it.for(cases)("changes its row alike in every order and batch: %s", async ([, items, row], { expect }) => {
    for (const [name, order, size] of inOrder) {
      const { ground, target, original, scene } = await aScene();
      const all = order([original, ...items(scene)]);
      for (let i = 0; i < all.length; i += size) await ingestItems(ground, ...all.slice(i, i + size));

      const { id, ...message } = await messageOf(ground, target);
      expect(message, name).toMatchObject(row);
      const chat = await chatOf(ground);
      const preview = { lastMessageId: id, lastMessageAt: NOON };
      expect(chat, name).toMatchObject({ unreadCount: 1, lastInboundAt: NOON, ...preview });
      const page = await pageOfMessages(db, chat, { side: "newest" }, 50);
      expect(page?.messages.map((shown) => shown.id)).toEqual([id]);
      expect(await messagesWhere(ground)).toHaveLength(all.length);
      const numbers = (await logOf(chat.id)).map(({ seq }) => seq);
      expect(numbers).toEqual(Array.from({ length: chat.head }, (_, n) => n + 1));
    }
  });

  it("logs a change as the next event of the older message", async ({ expect }) => {
    const { ground, target, original, scene } = await aScene();
    await ingestItems(ground, original);
    const { id } = await messageOf(ground, target);
    const { events } = await ingestItems(ground, aReaction(target, "👍", scene.they(1)));
    expect(events).toMatchObject([
      { seq: 2, event: "message.created", isNew: true },
      { seq: 3, event: "message.updated", messageId: id, isNew: true },
    ]);
    const idle = await ingestItems(ground, aReaction(target, "😀", scene.they(0)));
    expect(idle.events).toMatchObject([{ seq: 4, event: "message.created" }]);
  });

  it("is no preview, not unread, and opens no window when the message never comes", async ({ expect }) => {
    const { ground, target, scene } = await aScene();
    await ingestItems(ground, aReaction(target, "👍", scene.they(1)), aRevoke(target, scene.they(2)));
    const chat = await chatOf(ground);
    expect(chat).toMatchObject({ head: 2, unreadCount: 0, lastMessageId: null, lastInboundAt: null });
    expect(await pageOfMessages(db, chat, { side: "newest" }, 50)).toMatchObject({ messages: [] });
  });

  it("does not change a message in another chat", async ({ expect }) => {
    const { ground, target, original, scene } = await aScene();
    const otherPerson = { from: aCustomer(), at: NOON };
    const theirs = [
      aReaction(target, "👍", otherPerson),
      aRevoke(target, otherPerson),
      aTextOf("What?", { ...otherPerson, wamid: "wamid.other", replyTo: target }),
    ];
    await ingestItems(ground, ...theirs, original, ...theirs);
    expect(await messageOf(ground, target)).toMatchObject({ body: "Hello", reactions: [], revokedAt: null });
    expect(await messageOf(ground, "wamid.other")).toMatchObject({ replyToMessageId: null });
    await ingestItems(ground, aReaction(target, "👍", scene.they(1)));
    expect(await messageOf(ground, target)).toMatchObject({ reactions: [thumb] });
  });
});

describe("a reply", () => {
  it.for(inOrder)("is linked to what it replies to: %s", async ([, order, size], { expect }) => {
    const { ground, target, original, scene } = await aScene();
    const [answer, answerToIt] = [aWamid(), aWamid()];
    const items = order([
      original,
      aTextOf("Yes", { ...scene.we(1), wamid: answer, replyTo: target }),
      aTextOf("No", { ...scene.they(2), wamid: answerToIt, replyTo: answer }),
    ]);
    for (let i = 0; i < items.length; i += size) await ingestItems(ground, ...items.slice(i, i + size));
    const [first, second, third] = await Promise.all(
      [target, answer, answerToIt].map((wamid) => messageOf(ground, wamid)),
    );
    expect(second?.replyToMessageId).toBe(first?.id);
    expect(third?.replyToMessageId).toBe(second?.id);
    expect(await chatOf(ground)).toMatchObject({ lastMessageId: third?.id, unreadCount: 2 });
  });
});

/** The customer's text as Meta delivers it, not stored yet. */
async function aScene(): Promise<{ ground: Ground; target: string; original: Item; scene: Scene }> {
  const ground = await anOrganization();
  const customer = aCustomer();
  const target = aWamid();
  const they = (at: number) => ({ from: customer, at: later(at), wamid: aWamid() });
  const we = (at: number) => ({ to: customer, at: later(at), wamid: aWamid() });
  const original = aTextOf("Hello", { ...they(0), wamid: target });
  return { ground, target, original, scene: { target, they, we } };
}
