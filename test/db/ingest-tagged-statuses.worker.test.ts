import { eq, sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { messages } from "../../src/db/message-tables.ts";
import { createMessage } from "../../src/db/new-messages.ts";
import { agents } from "../../src/db/organization-tables.ts";
import { settleMessage } from "../../src/db/outgoing.ts";
import { aCustomer, anOrganization, aPhone, db, type Ground } from "../support/build.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import { aNewText } from "../support/new-message.ts";
import { aReaction, aTextOf, chatOf, ingestItems, logOf, messageOf, statusesOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
const status = (wamid: string, name: string, seconds: number): Item =>
  aStatus(wamid, name, { at: later(seconds) });

describe("a status with our tag", () => {
  it("settles a message whose wamid we never received, and what waited for that wamid", async ({
    expect,
  }) => {
    const { ground, id, tag } = await aSendOfUnknownFate();
    const wamid = aWamid();
    await ingestItems(ground, status(wamid, "delivered", 2));
    await ingestItems(ground, aStatus(wamid, "sent", { at: later(1), biz_opaque_callback_data: tag }));
    expect(await messageOf(ground, wamid)).toMatchObject({ id, status: "delivered" });
    expect((await statusesOf(ground)).map(({ messageId }) => messageId)).toEqual([id, id]);
    const { head } = await chatOf(ground);
    expect(head).toBe((await logOf((await chatOf(ground)).id)).length);
    await ingestItems(ground, status(wamid, "read", 3));
    expect(await messageOf(ground, wamid)).toMatchObject({ id, status: "read" });
  });

  it.for([
    ["999999999", 999_999_999],
    ["1000000000", 1_000_000_000],
    ["2147483647", 2_147_483_647],
    ["2147483648", null],
    ["9999999999", null],
    ["00000000001", null],
  ] as const)("is read up to the last id that a message can have: %s", async ([id, tagged], { expect }) => {
    const { epoch } = await aSendOfUnknownFate();
    // No row is made: a message with such an id would be the newest of all.
    const batch = JSON.stringify([{ wamid: aWamid(), status: "sent", tag: `${epoch}.${id}`, at: NOON }]);
    const { rows } = await db.execute<{ tagged: number | null }>(
      sql`select s.tagged from unnest(resolve_statuses(${batch}::json)) s`,
    );
    expect(rows).toEqual([{ tagged }]);
  });

  it("settles it within one batch too, whichever of its statuses has the tag", async ({ expect }) => {
    const { ground, id, tag } = await aSendOfUnknownFate();
    const wamid = aWamid();
    const tagged = aStatus(wamid, "sent", { at: later(1), biz_opaque_callback_data: tag });
    await ingestItems(ground, status(wamid, "read", 3), tagged, status(wamid, "delivered", 2));
    expect(await messageOf(ground, wamid)).toMatchObject({ id, status: "read" });
    expect((await statusesOf(ground)).map(({ messageId }) => messageId)).toEqual([id, id, id]);
  });

  it("settles it with a state that comes with and without the tag, and keeps its earliest time", async ({
    expect,
  }) => {
    for (const tagComesFirst of [true, false]) {
      for (const together of [true, false]) {
        const { ground, id, tag } = await aSendOfUnknownFate();
        const wamid = aWamid();
        const tagged = aStatus(wamid, "sent", { at: later(1), biz_opaque_callback_data: tag });
        const plain = status(wamid, "sent", 0);
        const items = tagComesFirst ? [tagged, plain] : [plain, tagged];
        if (together) await ingestItems(ground, ...items);
        else for (const item of items) await ingestItems(ground, item);
        expect(await messageOf(ground, wamid)).toMatchObject({ id, status: "sent" });
        expect(await statusesOf(ground)).toMatchObject([{ messageId: id, happenedAt: NOON }]);
      }
    }
  });

  it.for(["by a status", "by Meta's answer"])(
    "attaches what arrived for it earlier, once its wamid is revealed %s",
    async (how, { expect }) => {
      const { ground, id, tag, customer } = await aSendOfUnknownFate();
      const [wamid, answer] = [aWamid(), aWamid()];
      const reply = aTextOf("Yes", { from: customer, wamid: answer, replyTo: wamid });
      await ingestItems(ground, reply, aReaction(wamid, "👍", { from: customer }), status(wamid, "read", 3));
      if (how === "by Meta's answer") {
        await db.update(messages).set({ status: "sending", claimId: "claim" }).where(eq(messages.id, id));
        await settleMessage(db, id, "claim", { status: "accepted", wamid });
      } else
        await ingestItems(ground, aStatus(wamid, "sent", { at: later(1), biz_opaque_callback_data: tag }));

      const reactions = [{ emoji: "👍", fromMe: false }];
      expect(await messageOf(ground, wamid)).toMatchObject({ id, status: "read", reactions });
      expect(await messageOf(ground, answer)).toMatchObject({ replyToMessageId: id });
      const { id: chatId, head } = await chatOf(ground);
      const log = await logOf(chatId);
      expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, n) => n + 1));
      const linked = { event: "message.updated", messageId: (await messageOf(ground, answer)).id };
      expect(log.at(-1)).toMatchObject(linked);
    },
  );

  it.for([
    "another epoch",
    "another number",
    "no message",
    "a message of the customer's",
    "too large",
    "no number",
    "nothing",
  ])("is parked when it names %s", async (what, { expect }) => {
    const { ground, id, tag, epoch } = await aSendOfUnknownFate();
    const theirs = aWamid();
    await ingestItems(ground, aTextOf("Theirs", { from: aCustomer(), wamid: theirs }));
    const tags: Record<string, string> = {
      "another epoch": `0${epoch}.${id}`,
      "another number": tag,
      "no message": `${epoch}.999999999`,
      "a message of the customer's": `${epoch}.${(await messageOf(ground, theirs)).id}`,
      "too large": `${epoch}.99999999999999999999`,
      "no number": `${epoch}.${id}; drop table "Message"`,
      nothing: "",
    };
    const other = { ...ground, ...(await aPhone(ground.organizationId)) };
    const where = what === "another number" ? other : ground;
    const item = aStatus(aWamid(), "read", { at: NOON, biz_opaque_callback_data: tags[what] });
    expect((await ingestItems(where, item)).events).toEqual([]);
    const [message] = await db.select().from(messages).where(eq(messages.id, id));
    expect(message).toMatchObject({ wamid: null, status: "unknown" });
    expect(await statusesOf(where)).toMatchObject([{ status: "read", messageId: null }]);
  });
});

/** A message of ours whose wamid is unknown: the answer to the send was lost. */
async function aSendOfUnknownFate() {
  const ground: Ground = await anOrganization();
  const { organizationId, organizationPhoneId } = ground;
  const [agent] = await db
    .insert(agents)
    .values({ organizationId, sub: "anna", name: "Anna", role: "agent" })
    .returning();
  const customer = aCustomer();
  const created = await createMessage(
    db,
    aNewText("Ours", {
      organizationId,
      organizationPhoneId,
      agentId: agent?.id ?? 0,
      phone: customer,
      createdAt: NOON.toISOString(),
    }),
  );
  if (created.kind !== "created") throw new Error(`the message was not made: ${created.kind}`);
  const { id } = created.message;
  await db.update(messages).set({ status: "unknown" }).where(eq(messages.id, id));
  const { rows } = await db.execute<{ epoch: string }>(sql`select epoch from "Epoch"`);
  const epoch = rows[0]?.epoch ?? "";
  return { ground, id, epoch, customer, tag: `${epoch}.${id}` };
}
