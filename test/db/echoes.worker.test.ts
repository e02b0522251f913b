import { eq, sql } from "drizzle-orm";
import { describe, it } from "vitest";
import type { Committed } from "../../src/db/committed.ts";
import { addUpload, fileOf } from "../../src/db/media.ts";
import { messages } from "../../src/db/message-tables.ts";
import { createMessage } from "../../src/db/new-messages.ts";
import { settleMessage } from "../../src/db/outgoing.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aClient, load } from "../support/client-store.ts";
import { finalState } from "../support/final-state.ts";
import { aStatus, aWamid } from "../support/meta.ts";
import { aNewText } from "../support/new-message.ts";
import { publishNow } from "../support/publish-now.ts";
import {
  anItem,
  aReaction,
  aRevoke,
  aTextOf,
  chatOf,
  ingestItems,
  messageOf,
  messagesWhere,
  statusesOf,
} from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (second: number) => new Date(NOON + second * 1000);

type World = Awaited<ReturnType<typeof aWorld>>;

/** A chat in which an agent's message is being sent, and what a client shows that has it open. */
async function aWorld() {
  const ground = await anOrganization();
  const { organizationId, organizationPhoneId } = ground;
  const [customer, wamid, reply] = [aCustomer(), aWamid(), aWamid()];
  await ingestItems(ground, aTextOf("Hello", { from: customer, at: at(0) }));
  const anna = await as(ground);
  const { agent } = await (await anna.get("/me")).json<{ agent: { id: number } }>();
  const { id: chatId } = await chatOf(ground);
  const createdAt = at(10).toISOString();
  const fields = { organizationId, organizationPhoneId, agentId: agent.id, chatId, createdAt };
  const id = await aSending("The blue whale", fields);
  const { rows } = await db.execute<{ epoch: string }>(sql`select epoch from "Epoch"`);
  const tag = `${rows[0]?.epoch}.${id}`;
  return { ground, customer, wamid, reply, anna, chatId, id, tag, fields };
}

/** A text that Meta may have, and has not answered yet. */
async function aSending(text: string, fields: Parameters<typeof aNewText>[1]) {
  const created = await createMessage(db, aNewText(text, fields));
  if (created.kind !== "created") throw new Error(`the message was not made: ${created.kind}`);
  const { id } = created.message;
  await db.update(messages).set({ status: "sending", claimId: "claim" }).where(eq(messages.id, id));
  return id;
}

/** What Meta says of the message. */
const steps = {
  echo: ({ ground, customer, wamid }: World) =>
    ingestItems(ground, aTextOf("The blue whale", { to: customer, wamid, at: at(11) })),
  answer: ({ id, wamid }: World) => settleMessage(db, id, "claim", { status: "accepted", wamid }),
  "tagged status": ({ ground, wamid, tag }: World) =>
    ingestItems(ground, aStatus(wamid, "delivered", { at: at(12), biz_opaque_callback_data: tag })),
  status: ({ ground, wamid }: World) => ingestItems(ground, aStatus(wamid, "read", { at: at(13) })),
  reply: ({ ground, customer, wamid, reply }: World) =>
    ingestItems(ground, aTextOf("Whale?", { from: customer, wamid: reply, at: at(14), replyTo: wamid })),
  reaction: ({ ground, customer, wamid }: World) =>
    ingestItems(ground, aReaction(wamid, "🐳", { from: customer, wamid: `${wamid}.👍`, at: at(15) })),
} satisfies Record<string, (world: World) => Promise<Committed | null>>;
type Step = keyof typeof steps;

const rest: Step[] = ["tagged status", "status", "reply", "reaction"];
const orders: Step[][] = [
  ["echo", "answer", ...rest],
  ["answer", "echo", ...rest],
  ["echo", "status", "reply", "reaction", "answer", "tagged status"],
  ["echo", "status", "reply", "reaction", "tagged status", "answer"],
  ["status", "reply", "reaction", "echo", "answer", "tagged status"],
  ["status", "echo", "reaction", "tagged status", "reply", "answer"],
  ["tagged status", "status", "echo", "reply", "reaction", "answer"],
  // Graph's answer was lost.
  ["echo", ...rest],
  ["status", "reaction", "echo", "reply", "tagged status"],
];

describe("a message of ours that Meta echoes", () => {
  it.for(orders.map((order) => [order.join(", "), order] as const))(
    "is one message, for every client: %s",
    async ([, order], { expect }) => {
      const world = await aWorld();
      const { ground, anna, chatId, id, wamid, reply } = world;
      const client = await aClient(anna, chatId);
      const run = async () => {
        for (const step of order) {
          const committed = await steps[step](world);
          if (committed) await publishNow(committed);
        }
      };
      await run();

      const ours = await messageOf(ground, wamid);
      const reactions = [{ emoji: "🐳", fromMe: false }];
      expect(ours).toMatchObject({ id, status: "read", body: "The blue whale", reactions });
      expect(await messageOf(ground, reply)).toMatchObject({ replyToMessageId: id });
      const { head, lastMessageId, unreadCount } = await chatOf(ground);
      expect(unreadCount).toBe(2);
      expect(lastMessageId).toBe((await messageOf(ground, reply)).id);
      expect((await statusesOf(ground)).map(({ messageId }) => messageId)).toEqual([id, id]);
      const fresh = await load(anna, chatId);
      expect(fresh.messages.map(({ body }) => body)).toEqual(["Hello", "The blue whale", "Whale?"]);
      client.sync();
      expect(await client.reach(head)).toEqual(fresh);
      const found = await (await anna.get("/search?q=whale")).json<{ data: { message: { id: number } }[] }>();
      expect(found.data.map(({ message }) => message.id)).toEqual([lastMessageId, id]);
      expect((await finalState(db, ground.organizationPhoneId)).faults).toEqual([]);

      // Whatever of it comes again changes nothing.
      await run();
      expect(await load(anna, chatId)).toEqual(fresh);
    },
  );

  it("answers nothing that was written before it and comes later", async ({ expect }) => {
    const world = await aWorld();
    const { ground, customer } = world;
    await steps.echo(world);
    await ingestItems(ground, aTextOf("Are you there?", { from: customer, at: at(2) }));
    await steps.answer(world);
    await ingestItems(ground, aTextOf("Anybody?", { from: customer, at: at(3) }));
    expect(await chatOf(ground)).toMatchObject({ unreadCount: 3 });
  });

  it("is no colleague's message to the send guard, as one of the phone's own app is", async ({ expect }) => {
    const world = await aWorld();
    const { ground, customer, fields } = world;
    const { head: seenSeq } = await chatOf(ground);
    await steps.echo(world);
    const first = await createMessage(db, aNewText("And the fin whale", { ...fields, seenSeq }));
    expect(first).toMatchObject({ kind: "created" });
    await steps.answer(world);
    await ingestItems(ground, aTextOf("And dolphins", { to: customer, at: at(20) }));
    const second = await createMessage(db, aNewText("And seals", { ...fields, seenSeq }));
    expect(second).toMatchObject({ kind: "chat_moved_on", unseen: [{ body: "And dolphins" }] });
  });

  it("is the preview of its chat, as one message", async ({ expect }) => {
    const world = await aWorld();
    await steps.echo(world);
    expect((await chatOf(world.ground)).lastMessageId).not.toBe(world.id);
    await steps.answer(world);
    expect(await chatOf(world.ground)).toMatchObject({ lastMessageId: world.id, lastMessageAt: at(10) });
  });

  it.for([
    ["its own", true],
    ["the echo's", false],
  ] as const)("shows one file, %s, until it is revoked", async ([, hasOwn], { expect }) => {
    const world = await aWorld();
    const { ground, customer, wamid, id } = world;
    const { organizationId, organizationPhoneId } = ground;
    const about = { mimeType: "image/png", fileName: null, sha256: "A", sizeBytes: 1, objectKey: null };
    const upload = { organizationId, organizationPhoneId, metaId: `${id}`, expiresAt: new Date(), ...about };
    const own = hasOwn ? await addUpload(db, upload) : null;
    await db.update(messages).set({ mediaId: own }).where(eq(messages.id, id));
    const picture = { id: wamid, mime_type: "image/png", sha256: "A" };
    await ingestItems(ground, anItem("image", picture, { to: customer, wamid, at: at(11) }));
    const { mediaId: echoed } = await messageOf(ground, wamid);
    const stored = async (file: number | null) => (await fileOf(db, organizationId, file ?? 0))?.id;
    expect(await stored(echoed)).toBe(echoed);

    await steps.answer(world);
    const shown = own ?? echoed;
    expect(await messageOf(ground, wamid)).toMatchObject({ id, mediaId: shown });
    expect(await stored(shown)).toBe(shown);
    if (hasOwn) expect(await stored(echoed)).toBeUndefined();

    await ingestItems(ground, aRevoke(wamid, { to: customer, at: at(20) }));
    expect(await stored(shown)).toBeUndefined();
    expect(await stored(echoed)).toBeUndefined();
  });

  it("is what a reply to its echo's row quotes", async ({ expect }) => {
    const world = await aWorld();
    const { ground, wamid, fields, id } = world;
    await steps.echo(world);
    const { id: replyToMessageId } = await messageOf(ground, wamid);
    await steps.answer(world);
    const created = await createMessage(db, aNewText("As I said", { ...fields, replyToMessageId }));
    expect(created).toMatchObject({ kind: "created" });
    expect(await messagesWhere(ground, eq(messages.body, "As I said"))).toMatchObject([
      { refersTo: wamid, replyToMessageId: id },
    ]);
  });

  it.for([
    ["before the answer", ["echo", "react", "answer"]],
    ["after it", ["echo", "answer", "react"]],
    ["beside the customer's", ["reaction", "echo", "react", "answer"]],
  ] as const)("has an agent's reaction to its echo's row, %s", async ([, order], { expect }) => {
    const world = await aWorld();
    const { ground, wamid, fields, id, anna, chatId } = world;
    const react = () =>
      createMessage(db, {
        ...aNewText("🐋", fields),
        messageType: "reaction",
        reaction: { wamid, emoji: "🐋" },
      });
    for (const step of order) {
      if (step === "react") expect(await react()).toMatchObject({ kind: "created" });
      else await steps[step](world);
    }
    const theirs = order[0] === "reaction" ? [{ emoji: "🐳", fromMe: false }] : [];
    const reactions = [...theirs, { emoji: "🐋", fromMe: true }];
    expect(await messageOf(ground, wamid)).toMatchObject({ id, reactions });
    const { messages: shown } = await load(anna, chatId);
    expect(shown.map(({ body }) => body)).toEqual(["Hello", "The blue whale"]);
  });

  it("leaves no text in the echo's row once it is revoked", async ({ expect }) => {
    const world = await aWorld();
    const { ground, customer, wamid } = world;
    await steps.echo(world);
    await steps.answer(world);
    await ingestItems(ground, aRevoke(wamid, { to: customer, at: at(20) }));
    const rows = await messagesWhere(ground);
    expect(rows.filter(({ amends }) => amends === "echo")).toMatchObject([
      { body: "[deleted]", content: null },
    ]);
    expect(JSON.stringify(rows)).not.toContain("whale");
  });
});

describe("what is written in the phone's own app while Meta's answer to a message of ours is awaited", () => {
  it.for([
    ["another text", "text", { body: "And dolphins" }, 0],
    ["what the message could be", "text", { body: "The blue  WHALE " }, 1],
    ["a picture", "image", { id: "1", mime_type: "image/png", caption: "The blue whale" }, 0],
    ["what nobody knows", "poll", {}, 1],
  ] as const)(
    "answers the customer unless it may be its echo: %s",
    async ([, type, content, unread], { expect }) => {
      const world = await aWorld();
      const { ground, customer, fields } = world;
      const { head: seenSeq } = await chatOf(ground);
      await ingestItems(ground, anItem(type, content, { to: customer, at: at(20) }));

      expect(await chatOf(ground)).toMatchObject({ unreadCount: unread });
      const next = await createMessage(db, aNewText("And seals", { ...fields, seenSeq }));
      expect(next.kind).toBe(unread ? "created" : "chat_moved_on");

      // Written before that answer, and later here.
      await ingestItems(ground, aTextOf("Are you there?", { from: customer, at: at(12) }));
      expect(await chatOf(ground)).toMatchObject({ unreadCount: unread * 2 });
    },
  );

  it("is no echo of a message that an agent has begun after it", async ({ expect }) => {
    const { ground, customer, fields } = await aWorld();
    await ingestItems(ground, aTextOf("And dolphins", { to: customer, at: at(20) }));
    await aSending("And dolphins", fields);
    await ingestItems(ground, aTextOf("Are you there?", { from: customer, at: at(12) }));
    expect(await chatOf(ground)).toMatchObject({ unreadCount: 0 });
  });
});
