import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { findChat } from "../../src/db/chats.ts";
import { ingest } from "../../src/db/ingest.ts";
import { pageOfMessages } from "../../src/db/messages.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { finalState } from "../support/final-state.ts";
import { aWamid } from "../support/meta.ts";
import {
  aRevoke,
  aTextOf,
  chatOf,
  chatsOf,
  eventsOf,
  eventsOfField,
  ingestItems,
  messageOf,
} from "../support/stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");
const stamp = (minutes: number) => String(NOON / 1000 + minutes * 60);

type Old = { id: string; timestamp: string; type: string; [key: string]: unknown };
const oldText = (minutes: number, more: object = {}): Old => ({
  id: aWamid(),
  timestamp: stamp(minutes),
  type: "text",
  text: { body: `at ${minutes}` },
  ...more,
});

function historyOf(ground: Ground, customer: string, messages: Old[]) {
  const threads = [{ id: customer, context: { wa_id: customer }, messages }];
  return eventsOfField(ground, "history", { history: [{ metadata: { phase: 1, chunk_order: 1 }, threads }] });
}

describe("an imported history", () => {
  it("is in the order of its times, counts as read, and opens no window", async ({ expect }) => {
    const ground = await anOrganization();
    const customer = aCustomer();
    const ours = { from: "79001234567", to: customer, history_context: { status: "DELIVERED" } };
    const olds = [3, 1, 4, 2].map((at) => oldText(at, at % 2 === 0 ? ours : { from: customer }));
    await ingestItems(ground, aTextOf("Live", { from: customer, at: new Date(NOON) }));
    const before = await chatOf(ground);
    await ingest(db, historyOf(ground, customer, olds.slice(0, 2)));
    await ingest(db, historyOf(ground, customer, olds.slice(1)));

    const chat = await chatOf(ground);
    const { unreadCount, lastInboundAt } = before;
    expect(chat).toMatchObject({ unreadCount, lastInboundAt, head: 5, status: "open" });
    const page = await pageOfMessages(db, chat, { side: "newest" }, 50);
    expect(page?.messages.map(({ body, isHistory, status }) => [body, isHistory, status])).toEqual([
      ["Live", false, null],
      ["at 1", true, null],
      ["at 2", true, "delivered"],
      ["at 3", true, null],
      ["at 4", true, "delivered"],
    ]);
  });

  it("keeps a closed chat closed", async ({ expect }) => {
    const ground = await anOrganization();
    const customer = aCustomer();
    await ingestItems(ground, aTextOf("Live", { from: customer }));
    const { id } = await chatOf(ground);
    await db.execute(sql`update "Chat" set status = 'closed', "unreadCount" = 0 where id = ${id}`);
    await ingest(db, historyOf(ground, customer, [oldText(1, { from: customer })]));
    expect(await chatOf(ground)).toMatchObject({ status: "closed", unreadCount: 0 });
  });

  it("gets the file of a placeholder, whichever of the two comes first, and stays revoked", async ({
    expect,
  }) => {
    const states = [];
    const customer = aCustomer();
    const [wamid, revoked, revoke] = ["wamid.old", "wamid.gone", "wamid.revoke"];
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 1, 0, 0, 2],
    ]) {
      const ground = await anOrganization();
      const who = { from: customer, timestamp: stamp(1) };
      const image = { type: "image", image: { id: `11${ground.organizationPhoneId}`, caption: "Our shop" } };
      const steps = [
        historyOf(ground, customer, [
          { ...who, id: wamid, type: "media_placeholder" },
          { ...who, id: revoked, type: "media_placeholder" },
        ]),
        eventsOfField(ground, "history", {
          messages: [
            { ...who, ...image, id: wamid },
            { ...who, ...image, id: revoked },
          ],
        }),
        eventsOf(ground, aRevoke(revoked, { from: customer, wamid: revoke, at: new Date(NOON + 90_000) })),
      ];
      for (const step of order) await ingest(db, steps[step] ?? []);
      const { mediaId, ...row } = await messageOf(ground, wamid);
      expect(row).toMatchObject({
        messageType: "image",
        body: "Our shop",
        content: { type: "image", caption: "Our shop" },
        isHistory: true,
      });
      expect(mediaId).not.toBeNull();
      const { rows } = await db.execute<{ fresh: boolean }>(
        sql`select "expiresAt" > now() + interval '6 days' as fresh from "Media" where id = ${mediaId}`,
      );
      expect(rows).toEqual([{ fresh: true }]);
      expect(await messageOf(ground, revoked)).toMatchObject({ messageType: "image", body: "[deleted]" });
      const { state, faults } = await finalState(db, ground.organizationPhoneId);
      expect(faults).toEqual([]);
      const texts = state.messages.map((message) => JSON.stringify(message));
      states.push(texts.map((text) => text.replaceAll(`11${ground.organizationPhoneId}`, "11")));
    }
    for (const state of states) expect(state).toEqual(states[0]);
  });
});

describe("the address book of the phone's own app", () => {
  const sync = (ground: Ground, phone: string, name: string, minutes: number) =>
    eventsOfField(ground, "smb_app_state_sync", {
      state_sync: [
        {
          type: "contact",
          contact: { full_name: name, phone_number: phone },
          action: "add",
          metadata: { timestamp: stamp(minutes) },
        },
      ],
    });

  it("names contacts, also those with a name of their own, in any order", async ({ expect }) => {
    const customer = aCustomer();
    const text = (ground: Ground, name?: string) =>
      eventsOf(
        ground,
        aTextOf("Hello", { from: customer, wamid: "wamid.1", at: new Date(NOON), ...(name && { name }) }),
      );
    const orders: [expected: string, steps: ((ground: Ground) => ReturnType<typeof text>)[]][] = [
      [
        "Anna B.",
        [(g) => sync(g, customer, "Anna B.", 2), (g) => sync(g, customer, "Old", 1), (g) => text(g)],
      ],
      ["Anna B.", [(g) => sync(g, customer, "Anna B.", 2), (g) => text(g, "Anna")]],
    ];
    for (const [name, steps] of orders) {
      for (const order of [steps, steps.toReversed()]) {
        const ground = await anOrganization();
        for (const step of [...order, ...order]) await ingest(db, step(ground));
        expect((await chatsOf(ground)).map(({ contact }) => contact.name)).toEqual([name]);
        expect((await finalState(db, ground.organizationPhoneId)).faults).toEqual([]);
      }
    }
  });

  it("logs a change in the chats that show the name", async ({ expect }) => {
    const ground = await anOrganization();
    const customer = aCustomer();
    await ingestItems(ground, aTextOf("Hello", { from: customer }));
    const { events } = await ingest(db, sync(ground, customer, "Anna B.", 1));
    expect(events).toMatchObject([{ event: "chat.updated", seq: 2 }]);
    const again = await ingest(db, sync(ground, customer, "Anna B.", 1));
    expect(again.events).toEqual([]);
  });

  it("names a group by its subject, the latest", async ({ expect }) => {
    const ground = await anOrganization();
    const group = (subject: string, minutes: number) =>
      eventsOfField(ground, "group_settings_update", {
        groups: [{ timestamp: stamp(minutes), group_id: "g.1", type: "group_settings_update", subject }],
      });
    await ingest(db, group("Friends", 2));
    await ingest(db, group("Old friends", 1));
    const message = aTextOf("Hello", { from: aCustomer() });
    await ingestItems(ground, { ...message, item: { ...message.item, group_id: "g.1" } });
    const { id } = await chatOf(ground);
    const chat = await findChat(db, { id, organizationId: ground.organizationId });
    expect(chat?.contact.name).toBe("Friends");
  });
});
