import fc from "fast-check";
import { describe, it } from "vitest";
import { findChat } from "../../src/db/chats.ts";
import { ingest } from "../../src/db/ingest.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aPreference, eventsOfNotice, ingestNotice } from "../support/notices.ts";
import { aTextOf, chatOf, chatsOf, ingestItems, logOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

describe("a customer who opts out of marketing", () => {
  it("is opted out in any order of reports, also before the first message", {
    timeout: 60_000,
  }, async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (order) => {
        const ground = await anOrganization();
        const [phone, userId] = [aCustomer(), `RU.${ground.organizationId}`];
        const steps = [
          () => ingestNotice(ground, aPreference({ phone, userId }, "stop", later(1))),
          () => ingestNotice(ground, aPreference({ phone, userId }, "resume", later(2))),
          () => ingestNotice(ground, aPreference({ userId }, "stop", later(3))),
          () => ingestItems(ground, aTextOf("Hi", { from: phone, fromUserId: userId, at: NOON })),
        ];
        for (const i of order) await steps[i]?.();
        const { contact } = await chatOf(ground);
        expect(contact).toMatchObject({ marketingStoppedAt: later(3), marketingSaidAt: later(3) });
      }),
      { numRuns: 24 },
    );
  });

  it("may opt in again", async ({ expect }) => {
    const ground = await anOrganization();
    const phone = aCustomer();
    await ingestItems(ground, aTextOf("Hi", { from: phone }));
    await ingestNotice(
      ground,
      aPreference({ phone }, "stop", later(1)),
      aPreference({ phone }, "resume", later(2)),
    );
    expect((await chatOf(ground)).contact).toMatchObject({
      marketingStoppedAt: null,
      marketingSaidAt: later(2),
    });
  });

  it("may sign up by a link, whose id shows while that is their latest word", async ({ expect }) => {
    for (const isEarly of [true, false]) {
      const ground = await anOrganization();
      const phone = aCustomer();
      const written = aTextOf("Hi", { from: phone });
      if (!isEarly) await ingestItems(ground, written);
      await ingestNotice(
        ground,
        aPreference({ phone }, "signup", later(1), { signup_id: "13176843987434774" }),
      );
      if (isEarly) await ingestItems(ground, written);
      const { id } = await chatOf(ground);
      const key = { id, organizationId: ground.organizationId };
      expect((await findChat(db, key))?.contact).toMatchObject({ marketingSignupId: "13176843987434774" });
      await ingestNotice(ground, aPreference({ phone }, "stop", later(2)));
      expect((await findChat(db, key))?.contact).toMatchObject({ marketingSignupId: null });
    }
  });

  it("shows in the chat at once, as one numbered event, and once", async ({ expect }) => {
    const ground = await anOrganization();
    const phone = aCustomer();
    await ingestItems(ground, aTextOf("Hi", { from: phone }));
    const { id } = await chatOf(ground);
    const stop = eventsOfNotice(ground, aPreference({ phone }, "stop", later(1)));
    const ingested = await ingest(db, stop);
    await ingest(db, stop);
    expect(ingested).toMatchObject({
      events: [{ chatId: id, seq: 2, event: "chat.updated" }],
      chats: [{ id, head: 2 }],
    });
    expect((await logOf(id)).map(({ seq, event }) => [seq, event])).toEqual([
      [1, "message.created"],
      [2, "chat.updated"],
    ]);
  });

  it("is identified by the user id when a recycled phone belongs to another", async ({ expect }) => {
    const ground = await anOrganization();
    const phone = aCustomer();
    const [before, now] = [`RU.8${ground.organizationId}`, `RU.9${ground.organizationId}`];
    await ingestItems(ground, aTextOf("Hi", { from: phone, fromUserId: now }));
    await ingestNotice(ground, aPreference({ phone, userId: before }, "stop", later(1)));
    expect((await chatOf(ground)).contact.marketingStoppedAt).toBeNull();
  });

  it("opts out of one organization only", async ({ expect }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    const phone = aCustomer();
    for (const ground of [ours, theirs]) await ingestItems(ground, aTextOf("Hi", { from: phone }));
    await ingestNotice(ours, aPreference({ phone }, "stop", later(1)));
    expect((await chatsOf(theirs)).map(({ contact }) => contact.marketingStoppedAt)).toEqual([null]);
  });
});
