import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import { as } from "../support/as.ts";
import { anOrganization, db } from "../support/build.ts";
import { captureLogs } from "../support/logs.ts";
import {
  aPreference,
  deliverNotice,
  eventsOfNotice,
  type NoticeChange,
  noticesOf,
} from "../support/notices.ts";

type Page = { data: { id: number; kind: string; severity: string }[]; nextCursor: string | null };

const restriction = (): NoticeChange => ({
  field: "account_update",
  value: { event: "ACCOUNT_RESTRICTION", restriction_info: [{ restriction_type: crypto.randomUUID() }] },
  at: new Date(),
});
const review: NoticeChange = {
  field: "account_review_update",
  value: { decision: "APPROVED" },
  at: new Date(),
};

describe("the notices", () => {
  it("are listed for admins, newest first, page by page, and by severity", async ({ expect }) => {
    const ground = await anOrganization();
    for (const report of [restriction(), review, restriction()]) await deliverNotice(ground, report);
    const admin = await as({ ...ground, role: "admin" });
    const list = async (query: string) => await (await admin.get(`/notices${query}`)).json<Page>();
    const stored = (await noticesOf(ground)).map(({ id }) => id);

    const first = await list("?limit=2");
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    const critical = await list("?severity=critical");

    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(stored.toReversed());
    expect(second.nextCursor).toBeNull();
    expect(critical.data.map(({ id }) => id)).toEqual([stored[2], stored[0]]);
    const answer = await admin.get(`/notices?severity=critical&cursor=${first.nextCursor}`);
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([400, "invalid_cursor"]);
  });

  it("are another organization's business, and not an agent's", async ({ expect }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    await deliverNotice(theirs, restriction());
    const anna = await as({ ...ours, role: "admin" });
    expect((await (await anna.get("/notices")).json<Page>()).data).toEqual([]);
    const agent = await as({ ...theirs, sub: "boris" });
    expect((await agent.get("/notices")).status).toBe(403);
  });

  it("come to the open inboxes of admins at once, and to no agent's", async ({ expect }) => {
    const ground = await anOrganization();
    const admin = await as({ ...ground, role: "admin" });
    const [theirs, agents] = [
      await admin.openInbox(),
      await (await as({ ...ground, sub: "boris" })).openInbox(),
    ];
    for (const inbox of [theirs, agents]) expect(await inbox.nextFrame()).toEqual({ type: "hello" });
    const report = restriction();
    await deliverNotice(ground, report);
    await deliverNotice(ground, report);
    await deliverNotice(ground, review);

    const { data } = await (await admin.get("/notices")).json<Page>();
    expect(await theirs.nextFrame()).toEqual({ type: "notice", notice: data[1] });
    expect(await theirs.nextFrame()).toEqual({ type: "notice", notice: data[0] });
    const pong = agents.nextPong();
    agents.send("ping");
    await pong;
    expect(agents.frames).toHaveLength(1);
  });

  it("are logged by their ids alone when they are critical, once", async ({ expect }) => {
    const ground = await anOrganization();
    const report = restriction();
    const { lines, stop } = captureLogs();
    for (const one of [report, report, review]) await deliverNotice(ground, one);
    stop();
    const [notice] = await noticesOf(ground);
    const { organizationId } = ground;
    const logged = lines.filter((line) => line.includes("see the notice"));
    expect(logged).toEqual([
      `🚨 WABA: Meta restricted the account or a phone: see the notice ${JSON.stringify({
        organizationId,
        organizationPhoneId: null,
        noticeId: notice?.id,
        code: "account",
      })}`,
    ]);
  });
});

describe("a stored notice", () => {
  it("is acted upon when it is replayed", async ({ expect }) => {
    const ground = await anOrganization();
    const phone = "79990000001";
    const reports = [restriction(), aPreference({ phone }, "stop", new Date())];
    const admin = await as({ ...ground, role: "admin" });
    for (const report of reports) {
      // As stored by an older version of ours, which did not know it.
      const [event] = eventsOfNotice(ground, report);
      const bytes = new TextEncoder().encode(event?.kind === "notice" ? (event.source ?? "") : "");
      const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");
      const payload = JSON.parse(new TextDecoder().decode(bytes));
      const { organizationId } = ground;
      const [stored] = await db.insert(webhookEvents).values({ organizationId, payload, hash }).returning();

      const path = `/webhook-events/${stored?.id}/replay`;
      expect(await (await admin.post(path)).json()).toEqual({ id: stored?.id, applied: true });
      const after = await db
        .select()
        .from(webhookEvents)
        .where(eq(webhookEvents.id, stored?.id ?? 0));
      expect(after[0]?.appliedAt).toBeInstanceOf(Date);
    }
    expect((await noticesOf(ground)).map(({ kind }) => kind)).toEqual(["account"]);
  });
});
