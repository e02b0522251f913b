import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { ingest } from "../../src/db/ingest.ts";
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
  ingestItems,
  messageOf,
  statusesOf,
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
