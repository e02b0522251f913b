import { describe, it } from "vitest";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { allStored } from "../support/all-stored.ts";
import { aCustomer, anOrganization, aPhone } from "../support/build.ts";
import { aStatus, aWamid, type Item, post } from "../support/meta.ts";
import {
  anItem,
  aTextOf,
  chatsOf,
  messageOf,
  messagesWhere,
  statusesOf,
  storedEventsOf,
} from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");

/** Values of Meta's with several items in each list, unlike those of `aBody`. */
function aValue(phoneNumberId: string, items: Item[], more: object = {}) {
  const lists = Map.groupBy(items, ({ list }) => list);
  const fields = [...lists].map(([list, members]) => [list, members.map(({ item }) => item)]);
  return { metadata: { phone_number_id: phoneNumberId }, ...Object.fromEntries(fields), ...more };
}

function aBodyOf(...entries: { field: string; value: unknown }[][]): string {
  const entry = entries.map((changes) => ({ id: "123456789012345", changes }));
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

describe("a webhook body", () => {
  it("counts with all its entries, changes, messages, statuses and the rest", async ({ expect }) => {
    const ground = await anOrganization();
    const other = { ...ground, ...(await aPhone(ground.organizationId)) };
    const texts = (count: number) =>
      Array.from({ length: count }, () => aTextOf("Hello", { from: aCustomer(), at: NOON }));
    const echo = aWamid();
    const ours = [...texts(3), aStatus(echo, "sent"), aStatus(echo, "delivered")];
    const errors = [{ code: 130429, title: "Rate limit hit" }];
    const body = aBodyOf(
      [
        { field: "messages", value: aValue(ground.phoneNumberId, ours, { errors }) },
        { field: "messages", value: aValue(ground.phoneNumberId, texts(2)) },
        {
          field: "smb_message_echoes",
          value: aValue(ground.phoneNumberId, [aTextOf("Ours", { to: aCustomer(), wamid: echo })]),
        },
      ],
      [
        { field: "messages", value: aValue(other.phoneNumberId, texts(4)) },
        {
          field: "tomorrow",
          value: aValue(other.phoneNumberId, [], { calls: [{ id: `wacid.${aWamid()}` }] }),
        },
      ],
    );
    expect((await post(body)).status).toBe(200);
    await allStored();
    expect(await messagesWhere(ground)).toHaveLength(6);
    expect(await messageOf(ground, echo)).toMatchObject({ status: "delivered" });
    expect(await messagesWhere(other)).toHaveLength(4);
    expect(await storedEventsOf(ground)).toMatchObject([{ field: "messages", reason: null }]);
    expect(await storedEventsOf(other)).toMatchObject([{ field: "tomorrow", reason: null }]);
  });

  it.for<[string, Record<string, unknown>]>([
    ["no id", { from: "79161230001", timestamp: "1790000000", type: "text" }],
    ["no time", { from: "79161230001", id: "wamid.bad", type: "text" }],
    ["a time that is none", { from: "79161230001", id: "wamid.bad", timestamp: "NaN", type: "text" }],
    ["nobody who wrote it", { id: "wamid.bad", timestamp: "1790000000", type: "text" }],
    [
      "an id that no text column takes",
      { from: "7916", id: "wamid.\u0000", timestamp: "1790000000", type: "text" },
    ],
  ])("is not harmed by an item with %s, which is stored and can be replayed", async ([, bad], { expect }) => {
    const ground = await anOrganization();
    const good = Array.from({ length: 99 }, () => aTextOf("Hello", { from: aCustomer(), at: NOON }));
    const items = [...good.slice(0, 50), { list: "messages", item: bad } as const, ...good.slice(50)];
    const body = aBodyOf([{ field: "messages", value: aValue(ground.phoneNumberId, items) }]);
    expect((await post(body)).status).toBe(200);
    expect((await post(body)).status).toBe(200);
    await allStored();
    expect(await messagesWhere(ground)).toHaveLength(99);
    const [stored, ...more] = await storedEventsOf(ground);
    expect(more).toEqual([]);
    expect(stored).toMatchObject({ reason: "unreadable_item", organizationId: ground.organizationId });
    const [again] = flatten(new TextEncoder().encode(JSON.stringify(stored?.payload)));
    expect(again).toMatchObject({ kind: "notice", reason: "unreadable_item" });
    expect(stored?.payload).toMatchObject({ entry: [{ changes: [{ value: { messages: [bad] } }] }] });
  });

  it("keeps fields and types that nobody knows yet", async ({ expect }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    const { item, list } = anItem(
      "hologram",
      { id: "9", projector: { lux: 1.5 } },
      { from: aCustomer(), wamid },
    );
    const known = { ...item, surprise: [1, { deep: "\u0000" }] };
    const value = aValue(ground.phoneNumberId, [{ list, item: known }], { beside: { also: true } });
    expect((await post(aBodyOf([{ field: "messages", value }]))).status).toBe(200);
    await allStored();
    expect(await messageOf(ground, wamid)).toMatchObject({ messageType: "hologram", payload: known });
    expect(await storedEventsOf(ground)).toMatchObject([
      { payload: { entry: [{ changes: [{ value: { beside: { also: true } } }] }] } },
    ]);
  });

  it("may hold a thousand items for a hundred chats", async ({ expect }) => {
    const ground = await anOrganization();
    const customers = Array.from({ length: 100 }, aCustomer);
    const items = Array.from({ length: 1_000 }, (_, n) =>
      aTextOf(`Hello ${n}`, { from: customers[n % 100] ?? "", at: NOON }),
    );
    const body = aBodyOf([{ field: "messages", value: aValue(ground.phoneNumberId, items) }]);
    expect((await post(body)).status).toBe(200);
    await allStored();
    const chats = await chatsOf(ground);
    expect(chats).toHaveLength(100);
    for (const { head, unreadCount } of chats) expect([head, unreadCount]).toEqual([10, 10]);
    expect(await statusesOf(ground)).toEqual([]);
  });
});
