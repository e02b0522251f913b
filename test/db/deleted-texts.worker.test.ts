import { describe, it } from "vitest";
import { eventsAfter } from "../../src/db/chat-events.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { findEverywhere } from "../support/everywhere.ts";
import { aWamid, type Item } from "../support/meta.ts";
import { anEdit, aRevoke, aTextOf, chatOf, chatsOf, ingestItems, messageOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");

/** A text, two edits of it and its deletion, each with words that can be found. */
function aDeletedText(
  from: { from: string } | { fromUserId: string } = { from: aCustomer() },
  mark = crypto.randomUUID().slice(0, 13),
) {
  const target = aWamid();
  const at = (seconds: number) => ({
    ...from,
    at: new Date(NOON.getTime() + seconds * 1_000),
    wamid: aWamid(),
  });
  const text = aTextOf(`First ${mark}`, { ...at(0), wamid: target });
  const edits = [anEdit(target, `Second ${mark}`, at(1)), anEdit(target, `Third ${mark}`, at(2))];
  return { mark, target, text, edits, revoke: aRevoke(target, at(3)) };
}

function ordersOf(items: Item[]): Item[][] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    ordersOf(items.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

describe("the text of a message that was edited and then deleted", () => {
  it("is in no table, whatever came first, and all orders end alike", async ({ expect }) => {
    const ground = await anOrganization();
    // One for all: each that is looked for costs a pass over every table.
    const { mark } = aDeletedText();
    const orders = ordersOf([0, 1, 2, 3] as never).length;
    for (let n = 0; n < orders; n += 1) {
      const { target, text, edits, revoke } = aDeletedText(undefined, mark);
      for (const item of ordersOf([text, ...edits, revoke])[n] ?? []) await ingestItems(ground, item);
      expect(await messageOf(ground, target)).toMatchObject({
        body: "[deleted]",
        content: null,
        payload: {},
        editedAt: new Date(NOON.getTime() + 2_000),
        revokedAt: new Date(NOON.getTime() + 3_000),
      });
    }
    const together = aDeletedText(undefined, mark);
    await ingestItems(ground, together.revoke, ...together.edits, together.text);
    expect(orders).toBe(24);
    expect(await findEverywhere([mark])).toEqual([]);
  });

  it("is in no table when the message itself never comes, and only what was deleted goes", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [gone, kept] = [aDeletedText(), aDeletedText()];
    await ingestItems(ground, ...gone.edits, gone.revoke);
    await ingestItems(ground, kept.text, ...kept.edits);
    expect(await findEverywhere([gone.mark])).toEqual([]);
    expect(await findEverywhere([kept.mark])).toEqual(
      expect.arrayContaining(["Message.body", "Message.content", "Message.newBody", "Message.payload"]),
    );
  });

  it("is in no replay, no log and no row of its edits", async ({ expect }) => {
    const ground = await anOrganization();
    const { mark, target, text, edits, revoke } = aDeletedText();
    await ingestItems(ground, text);
    await ingestItems(ground, ...edits);
    const anna = await as(ground);
    const chat = await chatOf(ground);
    const edit = await messageOf(ground, String(edits[0]?.item.id));
    const paths = [
      `/chats/${chat.id}/events?after=0&include=payload`,
      `/messages/${edit.id}`,
      `/chats/${chat.id}/messages`,
    ];
    const read = async () =>
      (await Promise.all(paths.map(async (path) => (await anna.get(path)).text()))).map((answer) =>
        answer.includes(mark),
      );
    expect(await read()).toEqual([true, true, true]);
    const { epoch } = (await eventsAfter(db, chat, 0, 1)) ?? { epoch: "" };
    await ingestItems(ground, revoke);
    expect(await read()).toEqual([false, false, false]);
    const tab = await anna.openTab(chat.id, `?since=0&epoch=${epoch}`);
    const { head } = await chatOf(ground);
    for (let n = 0; n <= head; n += 1) expect(JSON.stringify(await tab.nextFrame())).not.toContain(mark);
    expect(await messageOf(ground, target)).toMatchObject({ revokedAt: expect.any(Date) });
  });

  it("is not in what undoing a merge restores", async ({ expect }) => {
    const ground = await anOrganization();
    const boris = await as({ ...ground, role: "admin" });
    const phone = aCustomer();
    const { mark, target, text, edits, revoke } = aDeletedText({ from: phone });
    await ingestItems(ground, text, ...edits);
    const fromUserId = `RU.${phone}`;
    const { from: _, ...item } = revoke.item;
    await ingestItems(ground, { ...revoke, item: { ...item, from_user_id: fromUserId } });
    expect(await messageOf(ground, target)).toMatchObject({ revokedAt: null });
    const [contactId, other] = (await chatsOf(ground)).map((chat) => chat.contactId);
    const merged = await boris.post(`/contacts/${contactId}/merge`, { contactId: other });
    expect(merged.status).toBe(200);
    expect(await messageOf(ground, target)).toMatchObject({ body: "[deleted]" });
    expect(await findEverywhere([mark])).toEqual([]);
    const [{ id } = { id: 0 }] = (await merged.json<{ merges: { id: number }[] }>()).merges;
    expect((await boris.post(`/contact-merges/${id}/undo`)).status).toBe(200);
    expect(await messageOf(ground, target)).toMatchObject({ body: "[deleted]" });
    expect(await findEverywhere([mark])).toEqual([]);
  });
});
