import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { inboundHours, refusedWebhooks } from "../../src/db/inbound-habit-tables.ts";
import { watchNumbers } from "../../src/schedule.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { aBody, aText, deliverAndStore, post, sign } from "../support/meta.ts";
import { aTemplateNotice, deliverNotice, type NoticeChange, noticesOf } from "../support/notices.ts";

const HOUR_MS = 3_600_000;

/** A minute of a later day in which the number's silence is looked at, and its checks are not run. */
function minuteOf({ organizationPhoneId: id }: Ground, fives = 0): Date {
  const minute = (id % 5) + 5 * fives + 20;
  return new Date(Date.UTC(2027, 2, 3, 12, minute === id % 60 ? minute + 5 : minute));
}

/** Every five minutes of five weeks a message, the last one hours before. */
async function aBusyNumber(lastHoursBefore: number): Promise<Ground> {
  const ground = await anOrganization();
  const noon = Date.UTC(2027, 2, 3, 12);
  const hours = Array.from(
    { length: 5 * 7 * 24 },
    (_, n) => new Date(noon - (n + lastHoursBefore) * HOUR_MS),
  );
  const { organizationPhoneId } = ground;
  await db
    .insert(inboundHours)
    .values(hours.map((hour) => ({ organizationPhoneId, hour, slots: 0xfff, lastAt: hour })));
  return ground;
}

const alarmsOf = async (ground: Ground) =>
  (await noticesOf(ground)).filter(({ alarm, detail }) => alarm !== null && detail.check !== "C11");

describe("a number that falls silent", () => {
  it("raises one alarm, live and in the list, until a message comes in", async ({ expect }) => {
    const ground = await aBusyNumber(4);
    const admin = await as({ ...ground, role: "admin" });
    const inbox = await admin.openInbox();
    await inbox.nextFrame();
    for (const fives of [0, 2, 4]) await watchNumbers(env, minuteOf(ground, fives));

    const [alarm, ...more] = await alarmsOf(ground);
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({
      ...{ kind: "silence", alarm: `phone:${ground.organizationPhoneId}:silence`, clearedAt: null },
      ...{ title: 'Number "Tested": nothing has come in for 4 h; usually every 5 min.' },
    });
    const open = await (await admin.get("/notices?open=true")).json<{
      data: { id: number; kind: string }[];
    }>();
    expect(open.data.map(({ kind }) => kind)).toContain("silence");

    const { organizationPhoneId } = ground;
    const at = new Date(minuteOf(ground, 4).getTime() + 60_000);
    await db
      .insert(inboundHours)
      .values({ organizationPhoneId, hour: new Date("2027-03-03T12:00:00Z"), slots: 1, lastAt: at });
    await watchNumbers(env, minuteOf(ground, 5));
    expect(await alarmsOf(ground)).toMatchObject([{ clearedAt: minuteOf(ground, 5) }]);
    const frames = inbox.frames as { notice?: { kind: string; clearedAt: string | null } }[];
    const ofSilence = frames.flatMap(({ notice }) => (notice?.kind === "silence" ? [notice.clearedAt] : []));
    expect(ofSilence).toEqual([null, minuteOf(ground, 5).toISOString()]);
  });

  it("raises none while it is not silent", async ({ expect }) => {
    const ground = await aBusyNumber(0);
    await watchNumbers(env, minuteOf(ground, 0));
    expect(await alarmsOf(ground)).toEqual([]);
  });

  it("raises none, and clears what there is, once an admin has disconnected it", async ({ expect }) => {
    const ground = await aBusyNumber(4);
    await watchNumbers(env, minuteOf(ground, 0));
    const admin = await as({ ...ground, role: "admin" });
    expect((await admin.remove(`/phones/${ground.organizationPhoneId}`)).status).toBe(200);
    for (const fives of [1, 2]) await watchNumbers(env, minuteOf(ground, fives));
    expect(await alarmsOf(ground)).toMatchObject([{ clearedAt: minuteOf(ground, 1) }]);
  });

  it("is known by the messages that are stored", async ({ expect }) => {
    const ground = await anOrganization();
    await deliverAndStore(ground.phoneNumberId, aText({ from: aCustomer(), body: "Hello" }));
    await watchNumbers(env, new Date());
    const { organizationPhoneId } = ground;
    const [hour] = await db
      .select()
      .from(inboundHours)
      .where(eq(inboundHours.organizationPhoneId, organizationPhoneId));
    const at = hour?.lastAt ?? new Date(0);
    expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
    expect(hour?.slots).toBe(1 << Math.floor(at.getUTCMinutes() / 5));
  });
});

describe("what Meta has reported", () => {
  const NOON = new Date("2026-11-20T12:00:00Z");
  const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
  const number = (value: object, at: Date): NoticeChange => ({
    field: "phone_number_quality_update",
    value: { display_phone_number: "79001234567", ...value },
    at,
  });
  const downgrade = { event: "DOWNGRADE", old_limit: "TIER_2K", current_limit: "TIER_250" };

  it.for([
    [
      "template",
      aTemplateNotice.status("PAUSED", NOON),
      aTemplateNotice.status("PAUSED", later(1)),
      aTemplateNotice.status("APPROVED", later(2)),
    ],
    [
      "quality",
      number({ event: "FLAGGED" }, NOON),
      number({ event: "FLAGGED" }, later(1)),
      number({ event: "UNFLAGGED" }, later(2)),
    ],
    [
      "limit",
      number(downgrade, NOON),
      number(downgrade, later(1)),
      number({ event: "UPGRADE", old_limit: "TIER_250", current_limit: "TIER_2K" }, later(2)),
    ],
  ] as const)(
    "of a %s is one alarm until Meta takes it back",
    async ([what, first, again, back], { expect }) => {
      const ground = await anOrganization();
      const run = () => watchNumbers(env, minuteOf(ground, 1));
      await deliverNotice(ground, first);
      await run();
      await run();
      const [alarm, ...more] = await alarmsOf(ground);
      expect(more).toEqual([]);
      expect(alarm?.alarm).toContain(what);
      expect(alarm).toMatchObject({ happenedAt: NOON, clearedAt: null });

      await deliverNotice(ground, again);
      await run();
      expect(await alarmsOf(ground)).toHaveLength(1);
      await deliverNotice(ground, back);
      await run();
      await run();
      expect(await alarmsOf(ground)).toMatchObject([{ clearedAt: minuteOf(ground, 1) }]);
    },
  );

  it("that is over before it is looked at is none", async ({ expect }) => {
    const ground = await anOrganization();
    await deliverNotice(ground, aTemplateNotice.status("APPROVED", later(2)));
    await deliverNotice(ground, aTemplateNotice.status("PAUSED", NOON));
    await watchNumbers(env, minuteOf(ground, 1));
    expect(await alarmsOf(ground)).toEqual([]);
  });
});

describe("webhooks with a wrong signature", () => {
  it("are an alarm of the number that they name, until a message comes in", async ({ expect }) => {
    const ground = await anOrganization();
    const { phoneNumberId, organizationPhoneId } = ground;
    const refused = async () =>
      (await db.select().from(refusedWebhooks).where(eq(refusedWebhooks.phoneNumberId, phoneNumberId)))[0];
    const body = JSON.stringify(aBody(phoneNumberId, aText({ from: aCustomer(), body: "Hello" })));
    const signature = await sign(new TextEncoder().encode(body), "of another app");
    // Few are counted in a second.
    while (((await refused())?.count ?? 0) < 3) {
      expect((await post(body, signature)).status).toBe(401);
    }
    const now = new Date();
    await watchNumbers(env, now);
    await watchNumbers(env, now);
    const raised = (await alarmsOf(ground)).filter(({ kind }) => kind === "refusedWebhooks");
    expect(raised).toMatchObject([{ alarm: `phone:${organizationPhoneId}:signature`, clearedAt: null }]);

    const lastAt = new Date(now.getTime() + 60_000);
    await db
      .insert(inboundHours)
      .values({ organizationPhoneId, hour: new Date("2026-11-01T00:00:00Z"), slots: 1, lastAt });
    await watchNumbers(env, now);
    expect((await alarmsOf(ground)).filter(({ kind }) => kind === "refusedWebhooks")).toMatchObject([
      { clearedAt: now },
    ]);
  });
});
