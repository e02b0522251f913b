import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { organizationPhones } from "../src/db/organization-tables.ts";
import { notifyVersions } from "../src/schedule.ts";
import { as } from "./support/as.ts";
import { anOrganization, db } from "./support/build.ts";
import { noticesOf } from "./support/notices.ts";

/** A number whose row names this version; null: the Worker's, v25.0. */
async function aNumberOn(wabaApiVersion: string | null) {
  const ground = await anOrganization();
  await db
    .update(organizationPhones)
    .set({ wabaApiVersion })
    .where(eq(organizationPhones.id, ground.organizationPhoneId));
  return ground;
}

const OCTOBER = new Date("2026-10-22T10:00:00Z");
const NOVEMBER = new Date("2026-11-22T10:00:00Z");
const AFTER = new Date("2027-01-21T00:00:00Z");

describe("a version of Graph that ends", () => {
  it("is noticed 90 days before, and when it has ended, each once", async ({ expect }) => {
    const ground = await aNumberOn("v21.0");
    await notifyVersions(env, OCTOBER);
    expect(await noticesOf(ground)).toEqual([]);
    await notifyVersions(env, NOVEMBER);
    await notifyVersions(env, NOVEMBER);
    await notifyVersions(env, new Date(NOVEMBER.getTime() + 3_600_000));
    const { organizationPhoneId } = ground;
    const ends = { kind: "graphVersion", severity: "warning", organizationPhoneId, happenedAt: NOVEMBER };
    expect(await noticesOf(ground)).toMatchObject([
      { ...ends, detail: { version: "v21.0", endsAt: "2027-01-21T00:00:00.000Z" } },
    ]);
    await notifyVersions(env, AFTER);
    await notifyVersions(env, AFTER);
    expect(await noticesOf(ground)).toMatchObject([ends, { kind: "graphVersion", severity: "critical" }]);
  });

  it("is nobody's trouble while it lives, nor between the hours", async ({ expect }) => {
    const [alive, old] = [await aNumberOn(null), await aNumberOn("v19.0")];
    await notifyVersions(env, new Date("2026-11-22T10:01:00Z"));
    expect(await noticesOf(old)).toEqual([]);
    await notifyVersions(env, NOVEMBER);
    expect(await noticesOf(alive)).toEqual([]);
    expect(await noticesOf(old)).toMatchObject([{ severity: "critical" }]);
  });

  it("is told to an open inbox of an admin", async ({ expect }) => {
    const ground = await aNumberOn("v20.0");
    const inbox = await (await as({ ...ground, role: "admin" })).openInbox();
    await inbox.nextFrame();
    await notifyVersions(env, NOVEMBER);
    expect(await inbox.nextFrame()).toMatchObject({
      type: "notice",
      notice: { kind: "graphVersion", organizationPhoneId: ground.organizationPhoneId, field: null },
    });
  });
});
