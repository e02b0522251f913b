import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { ingest } from "../../src/db/ingest.ts";
import { fileOf, settleFile } from "../../src/db/media.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import {
  anEdit,
  anItem,
  aReaction,
  aRevoke,
  aTextOf,
  eventsOf,
  eventsOfField,
  ingestItems,
  messageOf,
  statusesOf,
  storedEventsOf,
} from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const at = (seconds: number) => new Date(NOON + seconds * 1000);

/** The same in a group. */
function inGroup({ item, ...rest }: Item): Item {
  return { ...rest, item: { ...item, group_id: "g.1" } };
}

describe("the content of a message", () => {
  it("is stored typed, with its file, and an edit replaces it", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const [wamid, text] = [aWamid(), aWamid()];
    await ingestItems(
      ground,
      anItem("image", { id: "11", mime_type: "image/jpeg", caption: "Shop" }, { from, wamid }),
      aTextOf("Hello", { from, wamid: text, at: at(0) }),
      anEdit(text, "Good day", { from, at: at(1) }),
    );
    expect(await messageOf(ground, wamid)).toMatchObject({
      content: { type: "image", mediaId: "11", caption: "Shop", sender: null },
      mediaId: expect.any(Number),
    });
    expect(await messageOf(ground, text)).toMatchObject({
      body: "Good day",
      content: { type: "text", text: "Good day", context: null },
      mediaId: null,
    });
  });

  it("of an image that was edited into another is the other, and its file is fetched", async ({ expect }) => {
    const from = aCustomer();
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [2, 0, 1],
    ]) {
      const ground = await anOrganization();
      const wamid = aWamid();
      const image = (id: string | null, caption: string) => ({
        ...(id && { id }),
        mime_type: "image/jpeg",
        caption,
      });
      const edit = (id: string | null, caption: string, seconds: number) =>
        anItem(
          "edit",
          { original_message_id: wamid, message: { type: "image", image: image(id, caption) } },
          { from, at: at(seconds) },
        );
      const items = [
        anItem("image", image("21", "Shop"), { from, wamid, at: at(0) }),
        edit("22", "Our shop", 5),
        edit(null, "Our new shop", 9),
      ];
      const files: number[] = [];
      for (const i of [...order, ...order]) {
        const { [i]: item } = items;
        if (item) files.push(...((await ingestItems(ground, item)).files ?? []));
      }
      expect(files).toHaveLength(2);
      const { id, mediaId, body } = await messageOf(ground, wamid);
      expect(body).toBe("Our new shop");
      const { rows } = await db.execute<{ id: number; metaId: string }>(
        sql`select id, "metaId" from "Media" where "organizationPhoneId" = ${ground.organizationPhoneId}`,
      );
      const idOf = (metaId: string) => rows.find((row) => row.metaId === metaId)?.id ?? 0;
      expect(mediaId).toBe(idOf("22"));
      // The first file is no longer shown.
      const shown = [
        await fileOf(db, ground.organizationId, idOf("21")),
        await fileOf(db, ground.organizationId, idOf("22")),
      ];
      expect(shown).toMatchObject([null, { metaId: "22" }]);
      const settled = await settleFile(db, idOf("22"), { attempts: 0 }, { state: "stored", attempts: 1 });
      expect(settled?.events.map(({ messageId }) => messageId)).toEqual([id]);
      await ingestItems(ground, aRevoke(wamid, { from, at: at(20) }));
      expect(await fileOf(db, ground.organizationId, idOf("22"))).toBeNull();
    }
  });

  it("has what Meta summarised beside it, by itself or beside the list", async ({ expect }) => {
    const ground = await anOrganization();
    const from = aCustomer();
    const conversation_context = { type: "summary", summary: { text: "Asked for a cake." } };
    const message = (id: string) => ({
      from,
      id,
      timestamp: "1777636800",
      type: "text",
      text: { body: "Hi" },
    });
    await ingest(
      db,
      eventsOfField(ground, "messages", { messages: [message("wamid.1")], conversation_context }),
    );
    await ingest(
      db,
      eventsOfField(ground, "messages", { messages: [{ ...message("wamid.2"), conversation_context }] }),
    );
    for (const wamid of ["wamid.1", "wamid.2"])
      expect(await messageOf(ground, wamid)).toMatchObject({
        body: "Hi",
        content: { summary: "Asked for a cake." },
      });
    expect(await storedEventsOf(ground)).toEqual([]);
  });

  it("keeps what is beside an edited text: the advertisement, the summary, the sender", async ({
    expect,
  }) => {
    const [from, wamid] = [aCustomer(), aWamid()];
    const text = aTextOf("Helo", { from, name: "Maria", wamid, at: at(1) });
    const otherFields = {
      referral: { ref: "spring" },
      conversation_context: { summary: { text: "A cake." } },
    };
    const first = inGroup({ ...text, item: { ...text.item, ...otherFields, context: { forwarded: true } } });
    const edits = ["Hello", "Hello!"].map((body, i) => inGroup(anEdit(wamid, body, { from, at: at(i + 2) })));
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [2, 1, 0],
    ]) {
      const ground = await anOrganization();
      for (const item of order.flatMap((i) => [first, ...edits][i] ?? [])) await ingestItems(ground, item);
      expect((await messageOf(ground, wamid)).content).toMatchObject({
        type: "text",
        text: "Hello!",
        context: { forwarded: true },
        referral: { ref: "spring" },
        summary: "A cake.",
        sender: { name: "Maria", phone: from },
      });
    }
  });

  it("is none of an event that was spooled before there was any", async ({ expect }) => {
    const ground = await anOrganization();
    const [wamid, sent] = [aWamid(), aWamid()];
    const events = eventsOf(ground, aTextOf("Hello", { from: aCustomer(), wamid }), aStatus(sent, "sent"));
    const early = events.map((event) => {
      const { content, price, conversation, errors, ...rest } = { ...event } as Record<string, unknown>;
      return rest as InboundEvent;
    });
    await ingest(db, early);
    expect(await messageOf(ground, wamid)).toMatchObject({ body: "Hello", content: null, isHistory: false });
    expect(await statusesOf(ground)).toMatchObject([{ wamid: sent, price: null, conversation: null }]);
  });
});

describe("the price of a message", () => {
  it("is stored once, from whichever status carries it", async ({ expect }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" };
    const conversation = { id: "c.1", origin: { type: "referral_conversion" } };
    await ingestItems(ground, aStatus(wamid, "delivered"));
    await ingestItems(ground, aStatus(wamid, "sent", { pricing, conversation }));
    expect(await statusesOf(ground)).toMatchObject([
      { status: "delivered", price: null },
      {
        status: "sent",
        price: { billable: true, model: "PMP", type: "regular", category: "utility" },
        conversation: { id: "c.1", origin: "referral_conversion", expiresAt: null },
      },
    ]);
  });
});

describe("in a group", () => {
  const anna = { from: "79161110001", fromUserId: "RU.1" };
  const boris = { from: "79161110002" };

  it("each participant has their own reaction, and only the author edits and revokes", async ({ expect }) => {
    const { ground: _, ...same } = await storedInOrder((items) => items);
    expect(same.text).toMatchObject({
      body: "Good day",
      sender: "RU.1",
      revokedAt: null,
      reactions: [
        { emoji: "👍", sender: "79161110002", fromMe: false },
        { emoji: "❤️", sender: "RU.1", fromMe: false },
      ],
    });
    const reversed = await storedInOrder((items) => items.toReversed());
    expect(reversed.text.reactions).toEqual(same.text.reactions);
    expect(reversed.text.body).toBe("Good day");
    expect(reversed.text.revokedAt).toBeNull();
    expect(same.gone).toMatchObject({ body: "[deleted]" });
    expect(reversed.gone).toMatchObject({ body: "[deleted]" });
  });

  async function storedInOrder(order: (items: Item[]) => Item[]) {
    const ground = await anOrganization();
    const [wamid, gone] = [aWamid(), aWamid()];
    const items = [
      aTextOf("Hello", { ...anna, wamid, at: at(0) }),
      aTextOf("Oops", { ...boris, wamid: gone, at: at(0) }),
      aReaction(wamid, "😀", { ...boris, at: at(1) }),
      aReaction(wamid, "👍", { ...boris, at: at(2) }),
      aReaction(wamid, "❤️", { ...anna, at: at(1) }),
      anEdit(wamid, "Hacked", { ...boris, at: at(5) }),
      anEdit(wamid, "Good day", { ...anna, at: at(3) }),
      aRevoke(wamid, { ...boris, at: at(6) }),
      aRevoke(gone, { ...boris, at: at(6) }),
    ].map(inGroup);
    for (const item of order(items)) await ingestItems(ground, item);
    const { rows } = await db.execute<{ count: number }>(
      sql`select count(*)::int from "Chat" where "organizationPhoneId" = ${ground.organizationPhoneId}`,
    );
    if (rows[0]?.count !== 1) throw new Error("a group is one chat");
    return { ground, text: await messageOf(ground, wamid), gone: await messageOf(ground, gone) };
  }
});
