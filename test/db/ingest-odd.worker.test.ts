import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { findChat } from "../../src/db/chats.ts";
import { sqlState } from "../../src/db/client.ts";
import { ingest, quarantine } from "../../src/db/ingest.ts";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import { type InboundEvent, sourceOf } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import {
  anItem,
  aTextOf,
  chatOf,
  eventsOf,
  ingestItems,
  messageOf,
  statusesOf,
  storedEventsOf,
} from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const LONG = "ü".repeat(1_000_000);

/** What a customer may write, and what a person reads of it. */
const odd: [name: string, text: string, body: string][] = [
  ["U+0000", "a\u0000b", "a\uFFFDb"],
  ["a lone surrogate", "a\uD83Db", "a\uFFFDb"],
  ["half a pair at each end", "\uDE00x\uD83D", "\uFFFDx\uFFFD"],
  ["an emoji of four bytes", "😀", "😀"],
  ["SQL, quotes and backslashes", `'; drop table "Message"; -- \\'$$`, `'; drop table "Message"; -- \\'$$`],
  ["a million letters", LONG, LONG.slice(0, 65_536)],
];

describe("a text with odd characters", () => {
  it.for(odd)("is stored readable and verbatim: %s", async ([, text, body], { expect }) => {
    const ground = await anOrganization();
    const [wamid, beside] = [aWamid(), aWamid()];
    const from = aCustomer();
    await ingestItems(
      ground,
      aTextOf(text, { from, wamid, name: text }),
      aTextOf("Beside it", { from, wamid: beside }),
    );
    const message = await messageOf(ground, wamid);
    expect(message.body).toBe(body);
    expect(message.payload).toMatchObject({ text: { body: text } });
    expect(await messageOf(ground, beside)).toMatchObject({ body: "Beside it" });
    const chat = await findChat(db, { id: message.chatId, organizationId: ground.organizationId });
    expect(chat?.contact.name).toBe(body.slice(0, 512));
  });
});

describe("an item with odd values", () => {
  it.for<[string, Item]>([
    ["an unknown type", anItem("tomorrow", { body: "\u0000", deep: [[[{}]]] }, { from: "79161230001" })],
    [
      "a huge integer",
      anItem("text", { body: "x", n: 12345678901234567890n.toString() }, { from: "79161230001" }),
    ],
    ["time 0", aTextOf("x", { from: "79161230001", at: new Date(0) })],
    [
      "the last moment that Meta could write",
      aTextOf("x", { from: "79161230001", at: new Date("9999-12-31") }),
    ],
    ["a phone that is none", aTextOf("x", { from: "<WHATSAPP_USER_PHONE_NUMBER>" })],
  ])("is a message like any other: %s", async ([, item], { expect }) => {
    const ground = await anOrganization();
    await ingestItems(ground, item);
    const message = await messageOf(ground, String(item.item.id));
    expect(message.payload).toEqual(item.item);
    expect(message.body).not.toBe("");
    expect(await chatOf(ground)).toMatchObject({ head: 1, lastMessageId: message.id });
  });

  it("is stored raw when the database refuses it as a message", async ({ expect }) => {
    const ground = await anOrganization();
    const [event] = eventsOf(ground, aTextOf("x", { from: aCustomer() }));
    const bad: InboundEvent[] = event?.kind === "message" ? [{ ...event, at: "no moment" }] : [];
    expect(bad).toHaveLength(1);
    await expect(ingest(db, bad)).rejects.toThrow();
    await quarantine(db, bad);
    await quarantine(db, bad);
    const [stored, ...more] = await storedEventsOf(ground);
    expect(more).toEqual([]);
    const { organizationId } = ground;
    expect(stored).toMatchObject({ organizationId, reason: "refused_by_database", appliedAt: null });
    expect(flatten(new TextEncoder().encode(JSON.stringify(stored?.payload)))).toEqual([event]);
  });
});

describe("an event for a number that is not connected", () => {
  it("is stored with its reason, and replays once the number is added", async ({ expect }) => {
    const ours = await anOrganization();
    const unconnected: Ground = { ...ours, phoneNumberId: `8${crypto.randomUUID().replaceAll(/\D/g, "")}` };
    const [wamid, echo] = [aWamid(), aWamid()];
    const from = aCustomer();
    const items = [
      aTextOf("For\u0000 a unconnected", { from, wamid, at: NOON, name: "Olga" }),
      aTextOf("Ours", { to: from, wamid: echo, at: NOON }),
      aStatus(echo, "read", { at: NOON }),
    ];
    const ingested = await ingestItems(unconnected, ...items);
    expect(ingested).toMatchObject({ events: [], chats: [], unknownPhones: 3 });
    await ingestItems(unconnected, ...items);
    const stored = await storedEventsOf(unconnected);
    expect(stored).toHaveLength(3);
    for (const row of stored) expect(row).toMatchObject({ reason: "unknown_number", organizationId: null });

    const { organizationId, phoneNumberId } = unconnected;
    const [phone] = await db
      .insert(organizationPhones)
      .values({ organizationId, name: "New", phoneNumber: "7900", wabaPhoneNumberId: phoneNumberId })
      .returning();
    const added = { ...unconnected, organizationPhoneId: phone?.id ?? 0 };
    for (const { payload } of stored) {
      await ingest(db, flatten(new TextEncoder().encode(JSON.stringify(payload))));
    }
    expect(await messageOf(added, wamid)).toMatchObject({ body: "For\uFFFD a unconnected", createdAt: NOON });
    expect(await messageOf(added, echo)).toMatchObject({ status: "read" });
    expect(await chatOf(added)).toMatchObject({ unreadCount: 1, contact: { phone: from, name: "Olga" } });
  });

  it("does not affect other events of the batch", async ({ expect }) => {
    const ground = await anOrganization();
    const unconnected = { ...ground, phoneNumberId: `8${crypto.randomUUID().replaceAll(/\D/g, "")}` };
    const [ours, theirs] = [aWamid(), aWamid()];
    const from = aCustomer();
    const events = [
      ...eventsOf(unconnected, aTextOf("Theirs", { from, wamid: theirs })),
      ...eventsOf(ground, aTextOf("Ours", { from, wamid: ours })),
      ...eventsOf(unconnected, aStatus(theirs, "read")),
    ];
    await ingest(db, events);
    expect(await messageOf(ground, ours)).toMatchObject({ seq: 1, body: "Ours" });
    expect(await storedEventsOf(unconnected)).toHaveLength(2);
  });
});

describe("an item that is neither a message nor a status", () => {
  it("is stored once by its content, for the organization of its number", async ({ expect }) => {
    const ground = await anOrganization();
    const [connect, terminate] = [aCall(ground, "connect"), aCall(ground, "terminate")];
    await ingest(db, [...connect, ...connect]);
    await ingest(db, [...terminate, ...connect]);
    const stored = await storedEventsOf(ground);
    expect(stored).toHaveLength(2);
    for (const row of stored) {
      expect(row).toMatchObject({ organizationId: ground.organizationId, field: "tomorrow", reason: null });
    }
    expect(await statusesOf(ground)).toEqual([]);
  });

  it("is stored as bytes, once, when Postgres refuses it in every other form", async ({ expect }) => {
    const ground = await anOrganization();
    const payload = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    const poison = eventsOf(ground, aTextOf("x", { from: aCustomer() })).map((event) =>
      event.kind === "message" ? { ...event, payload } : event,
    );
    const [event] = poison;
    const error = await ingest(db, poison).catch((cause) => cause);
    expect(sqlState(error)).toBe("54001");
    await quarantine(db, poison);
    await quarantine(db, poison);
    const stored = await storedEventsOf(ground);
    const { organizationId } = ground;
    expect(stored).toMatchObject([{ organizationId, reason: "refused_by_database", payload: null }]);
    expect(new TextDecoder().decode(stored[0]?.raw ?? undefined)).toBe(event && sourceOf(event));
  });

  it("is stored as bytes when it is not JSON", async ({ expect }) => {
    const bytes = crypto.getRandomValues(new Uint8Array(64));
    bytes[0] = 0xff;
    const [event] = flatten(bytes);
    expect(event).toMatchObject({ reason: "not_json", source: null });
    const storedNow = () => db.select().from(webhookEvents).where(eq(webhookEvents.raw, bytes));
    expect(await storedNow()).toEqual([]);
    await ingest(db, [...flatten(bytes), ...flatten(bytes)]);
    expect(await storedNow()).toMatchObject([{ reason: "not_json", payload: null, organizationId: null }]);
  });
});

function aCall({ phoneNumberId }: Ground, event: string): InboundEvent[] {
  const value = { metadata: { phone_number_id: phoneNumberId }, calls: [{ id: "wacid.1", event }] };
  const entry = [{ id: "123456789012345", changes: [{ field: "tomorrow", value }] }];
  return flatten(new TextEncoder().encode(JSON.stringify({ object: "whatsapp_business_account", entry })));
}
