import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { watchNumbers } from "../../src/schedule.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization, db, type Ground, wabaOf } from "../support/build.ts";
import { changeAtMeta } from "../support/graph.ts";
import { deliverNotice, noticesOf, numberOf } from "../support/notices.ts";

/** A number whose row names this version; null: the Worker's, v25.0. */
async function aNumberOn(wabaApiVersion: string | null) {
  const ground = await anOrganization();
  await setVersion(ground, wabaApiVersion);
  return ground;
}

async function setVersion({ organizationPhoneId }: Ground, wabaApiVersion: string | null): Promise<void> {
  await db
    .update(organizationPhones)
    .set({ wabaApiVersion })
    .where(eq(organizationPhones.id, organizationPhoneId));
}

/** Others are of the checks, when it is the number's turn. */
async function versionNoticesOf(ground: Ground) {
  return (await noticesOf(ground)).filter(({ kind }) => kind === "graphVersion");
}

const OCTOBER = new Date("2026-10-22T10:00:00Z");
const NOVEMBER = new Date("2026-11-22T10:00:00Z");
const AFTER = new Date("2027-01-21T00:00:00Z");

describe("a version of Graph that ends", () => {
  it("is noticed 90 days before, and when it has ended, each once", async ({ expect }) => {
    const ground = await aNumberOn("v21.0");
    await watchNumbers(env, OCTOBER);
    expect(await versionNoticesOf(ground)).toEqual([]);
    await watchNumbers(env, NOVEMBER);
    await watchNumbers(env, NOVEMBER);
    await watchNumbers(env, new Date(NOVEMBER.getTime() + 3_600_000));
    const { organizationPhoneId } = ground;
    const ends = { kind: "graphVersion", severity: "warning", organizationPhoneId, happenedAt: NOVEMBER };
    expect(await versionNoticesOf(ground)).toMatchObject([
      { ...ends, detail: { version: "v21.0", endsAt: "2027-01-21T00:00:00.000Z" } },
    ]);
    await watchNumbers(env, AFTER);
    await watchNumbers(env, AFTER);
    expect(await versionNoticesOf(ground)).toMatchObject([
      { ...ends, clearedAt: AFTER },
      { kind: "graphVersion", severity: "critical", clearedAt: null },
    ]);
    await setVersion(ground, "v25.0");
    await watchNumbers(env, AFTER);
    expect(await versionNoticesOf(ground)).toMatchObject([ends, { clearedAt: AFTER }]);
  });

  it("is nobody's trouble while it lives, nor between the hours", async ({ expect }) => {
    const [alive, old] = [await aNumberOn(null), await aNumberOn("v19.0")];
    await watchNumbers(env, new Date("2026-11-22T10:01:00Z"));
    expect(await versionNoticesOf(old)).toEqual([]);
    await watchNumbers(env, NOVEMBER);
    expect(await versionNoticesOf(alive)).toEqual([]);
    expect(await versionNoticesOf(old)).toMatchObject([{ severity: "critical" }]);
  });

  it("is published to an open inbox of an admin", async ({ expect }) => {
    const ground = await aNumberOn("v20.0");
    const inbox = await (await as({ ...ground, role: "admin" })).openInbox();
    await inbox.nextFrame();
    await watchNumbers(env, NOVEMBER);
    expect(await inbox.nextFrame()).toMatchObject({
      type: "notice",
      notice: { kind: "graphVersion", organizationPhoneId: ground.organizationPhoneId, field: null },
    });
  });
});

describe("the hourly checks of a number", () => {
  /** A number with a token of its own, and the minute in which it is checked. */
  async function aWatchedNumber() {
    const ground = await anOrganization();
    const token = `EAA${crypto.randomUUID()}`;
    const { organizationPhoneId: id } = ground;
    await db.update(organizationPhones).set({ wabaAccessToken: token }).where(eq(organizationPhones.id, id));
    const atMinute = (minute: number) => new Date(Date.UTC(2026, 10, 28, 12, minute));
    return {
      ...ground,
      setToken: (change: object) => changeAtMeta("/tokens", { token, ...change }),
      inTurn: () => watchNumbers(env, atMinute(id % 60)),
      outOfTurn: () => watchNumbers(env, atMinute((id + 1) % 60)),
      // The tests' simulator keeps its webhooks back, and says so to C11.
      wrong: async () =>
        (await noticesOf(ground)).filter(
          ({ kind, detail }) => kind === "numberCheck" && detail.check !== "C11",
        ),
    };
  }

  it("notify once of each cause, for as long as it lasts, and again when it comes back", async ({
    expect,
  }) => {
    const number = await aWatchedNumber();
    await number.inTurn();
    expect(await number.wrong()).toEqual([]);

    await number.setToken({ revoked: true });
    await number.outOfTurn();
    expect(await number.wrong()).toEqual([]);
    await number.inTurn();
    await number.inTurn();
    const dead = { severity: "critical", detail: { check: "C02", code: "token_invalid" } };
    expect(await number.wrong()).toMatchObject([dead]);
    expect(await number.wrong()).toHaveLength(1);

    await number.setToken({ revoked: false });
    await number.inTurn();
    await number.setToken({ revoked: true });
    await db.execute("select pg_sleep(0.01)");
    await watchNumbers(env, new Date(Date.UTC(2026, 10, 28, 13, number.organizationPhoneId % 60)));
    expect(await number.wrong()).toHaveLength(2);
  });

  it("disconnect a number whose account left the app, until its token reads it again", async ({ expect }) => {
    const number = await aWatchedNumber();
    const chat = await aChat(number);
    const anna = await as({ ...number, role: "admin" });
    const wabaId = wabaOf(number);
    const removed = { event: "PARTNER_REMOVED", waba_info: { waba_id: wabaId } };
    await number.setToken({ wabaIds: ["99999"] });
    await deliverNotice(number, { field: "account_update", value: removed, at: new Date() });
    await watchNumbers(env, minuteOther(number.organizationPhoneId));

    const lost = { connectionType: "disconnected", disconnectReason: "partner_removed" };
    expect(await numberOf(number)).toMatchObject(lost);
    const text = {
      organizationPhoneId: number.organizationPhoneId,
      chatId: chat.id,
      type: "text",
      message: "Hi",
    };
    expect((await anna.post("/send", text)).status).toBe(409);

    await number.setToken({ wabaIds: null });
    await anna.post(`/phones/${number.organizationPhoneId}/check`, { only: ["C05"] });
    expect((await numberOf(number)).connectionType).toBe("waba");
  });

  it("leave a number connected whose token still reads it after such a report", async ({ expect }) => {
    const number = await aWatchedNumber();
    const removed = { event: "PARTNER_REMOVED", waba_info: { waba_id: wabaOf(number) } };
    await deliverNotice(number, { field: "account_update", value: removed, at: new Date() });
    await watchNumbers(env, minuteOther(number.organizationPhoneId));
    expect((await numberOf(number)).connectionType).toBe("waba");
  });
});

/** Now, in a minute that is not the number's turn. */
function minuteOther(organizationPhoneId: number): Date {
  const now = new Date();
  if (now.getUTCMinutes() === organizationPhoneId % 60) now.setUTCMinutes(now.getUTCMinutes() + 1);
  return now;
}
