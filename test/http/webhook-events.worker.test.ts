import { eq, sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import { sourceOf } from "../../src/domain/inbound-event.ts";
import { toHex } from "../../src/encoding.ts";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, db, type Ground, wabaOf } from "../support/build.ts";
import { aStatus, aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { accountEventsOf, aTemplateNotice, deliverNotice, templatesOf } from "../support/notices.ts";
import { chatOf, eventsOf, logOf, messagesWhere, storedEventsOf } from "../support/stored.ts";

type Page = {
  data: { id: number; reason: string | null; appliedAt: string | null }[];
  nextCursor: string | null;
};

const page = async (answer: Response) => await answer.json<Page>();

/** A stored event as another version of ours might have left it: with this reason and this source. */
async function aStoredEvent(organizationId: number, reason: "unreadable_item" | null, source: string) {
  const row = { organizationId, reason, payload: sql`${source}::json`, hash: crypto.randomUUID() };
  const [stored] = await db.insert(webhookEvents).values(row).returning();
  if (!stored) throw new Error("no event was stored");
  return stored.id;
}

const odd = () => ({ field: "odd", value: { id: crypto.randomUUID() } });
const unreadable = () => JSON.stringify({ entry: [{ odd: crypto.randomUUID() }] });

/** A number whose events came before it had a row. */
async function aLateNumber() {
  const ground = await anOrganization();
  const hide = { wabaPhoneNumberId: null };
  await db.update(organizationPhones).set(hide).where(eq(organizationPhones.id, ground.organizationPhoneId));
  const add = async () => {
    const known = { wabaPhoneNumberId: ground.phoneNumberId };
    await db
      .update(organizationPhones)
      .set(known)
      .where(eq(organizationPhones.id, ground.organizationPhoneId));
  };
  return { ...ground, add };
}

describe("stored webhook events", () => {
  it("are listed newest first, page by page, and the unread ones apart", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const anna = await as({ organizationId, role: "admin" });
    const ids = [];
    for (const reason of ["unreadable_item", null, "unreadable_item", "unreadable_item"] as const) {
      ids.push(await aStoredEvent(organizationId, reason, unreadable()));
    }
    await db
      .update(webhookEvents)
      .set({ appliedAt: new Date() })
      .where(eq(webhookEvents.id, ids[2] ?? 0));

    const first = await page(await anna.get("/webhook-events?limit=3"));
    const second = await page(await anna.get(`/webhook-events?limit=3&cursor=${first.nextCursor}`));
    const unread = await page(await anna.get("/webhook-events?unread=true"));

    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
    expect(unread.data.map(({ id }) => id)).toEqual([ids[3], ids[0]]);
    const answer = await anna.get(`/webhook-events?unread=true&cursor=${first.nextCursor}`);
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([400, "invalid_cursor"]);
  });

  it("are acted upon once their account is known", async ({ expect }) => {
    const ground = await anOrganization();
    const account = (wabaId: string | null) =>
      db
        .update(organizationPhones)
        .set({ wabaId })
        .where(eq(organizationPhones.id, ground.organizationPhoneId));
    await account(null);
    await deliverNotice(ground, aTemplateNotice.status("REJECTED", new Date()));
    await account(wabaOf(ground));
    const [stored] = await accountEventsOf(ground);
    expect([stored?.appliedAt, await templatesOf(ground)]).toEqual([null, []]);
    const anna = await as({ organizationId: ground.organizationId, role: "admin" });

    const answer = await anna.post(`/webhook-events/${stored?.id}/replay`);
    expect(await answer.json()).toEqual({ id: stored?.id, applied: true });
    expect(await templatesOf(ground)).toHaveLength(1);
  });

  it("of an account are shown to the organization that has it alone", async ({ expect }) => {
    const [ground, other] = [await anOrganization(), await anOrganization()];
    await deliverNotice({ ...ground, organizationPhoneId: 900_000_000 + ground.organizationPhoneId }, odd());
    const wabaId = wabaOf({ organizationPhoneId: 900_000_000 + ground.organizationPhoneId });
    const give = ({ organizationPhoneId }: Ground) =>
      db.update(organizationPhones).set({ wabaId }).where(eq(organizationPhones.id, organizationPhoneId));
    const anna = await as({ organizationId: ground.organizationId, role: "admin" });
    await give(ground);
    expect((await page(await anna.get("/webhook-events"))).data).toHaveLength(1);
    await give(other);
    expect((await page(await anna.get("/webhook-events"))).data).toEqual([]);
  });

  it("come in once their number has been added, and once only", async ({ expect }) => {
    const late = await aLateNumber();
    const [customer, wamid] = [aCustomer(), aWamid()];
    await deliverAndStore(late.phoneNumberId, aText({ from: customer, body: "Hello", wamid }));
    const [stored] = await storedEventsOf(late);
    expect(stored).toMatchObject({ reason: "unknown_number", organizationId: null, appliedAt: null });
    const anna = await as({ organizationId: late.organizationId, role: "admin" });
    const path = `/webhook-events/${stored?.id}/replay`;
    expect((await anna.post(path)).status).toBe(404);

    await late.add();
    expect((await page(await anna.get("/webhook-events?unread=true"))).data).toMatchObject([
      { id: stored?.id },
    ]);
    const answer = await anna.post(path);

    expect(await answer.json()).toEqual({ id: stored?.id, applied: true });
    expect(await messagesWhere(late)).toMatchObject([{ wamid, body: "Hello" }]);
    const [applied] = await storedEventsOf(late);
    expect(applied?.appliedAt).toBeInstanceOf(Date);
    const { id, head, unreadCount } = await chatOf(late);
    expect([head, unreadCount]).toEqual([1, 1]);

    expect(await (await anna.post(path)).json()).toEqual({ id: stored?.id, applied: true });
    expect(await storedEventsOf(late)).toEqual([applied]);
    expect(await logOf(id)).toHaveLength(1);
    expect((await page(await anna.get("/webhook-events?unread=true"))).data).toEqual([]);
  });

  it("may be a status, which then waits for its message", async ({ expect }) => {
    const late = await aLateNumber();
    await deliverAndStore(late.phoneNumberId, aStatus(aWamid(), "delivered"));
    const [stored] = await storedEventsOf(late);
    await late.add();
    const anna = await as({ organizationId: late.organizationId, role: "admin" });
    const answer = await anna.post(`/webhook-events/${stored?.id}/replay`);
    expect(await answer.json()).toEqual({ id: stored?.id, applied: true });
  });

  it("stay as they are while nobody can read them", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const anna = await as({ organizationId, role: "admin" });
    const id = await aStoredEvent(organizationId, "unreadable_item", unreadable());
    const before = await db.select().from(webhookEvents).where(eq(webhookEvents.id, id));

    const answer = await anna.post(`/webhook-events/${id}/replay`);

    expect(await answer.json()).toEqual({ id, applied: false });
    expect(await db.select().from(webhookEvents).where(eq(webhookEvents.id, id))).toEqual(before);
    expect((await page(await anna.get("/webhook-events"))).data.map((one) => one.id)).toEqual([id]);
  });

  it("are read as raw bytes too, where they were no JSON", async ({ expect }) => {
    const ground = await anOrganization();
    const [event] = eventsOf(ground, aText({ from: aCustomer(), body: "Raw" }));
    const bytes = new TextEncoder().encode((event && sourceOf(event)) ?? "");
    const row = {
      organizationId: ground.organizationId,
      reason: "not_json" as const,
      hash: crypto.randomUUID(),
    };
    const hex = toHex(bytes);
    const [stored] = await db
      .insert(webhookEvents)
      .values({ ...row, raw: sql`decode(${hex}, 'hex')` })
      .returning();
    const anna = await as({ organizationId: ground.organizationId, role: "admin" });

    const answer = await anna.post(`/webhook-events/${stored?.id}/replay`);

    expect(await answer.json()).toMatchObject({ applied: true });
    expect(await messagesWhere(ground)).toMatchObject([{ body: "Raw" }]);
  });

  it("are another organization's business when their number is", async ({ expect }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    const id = await aStoredEvent(theirs.organizationId, "unreadable_item", unreadable());
    const boris = await as({ organizationId: theirs.organizationId, role: "admin", sub: "boris" });
    expect((await page(await boris.get("/webhook-events"))).data).toHaveLength(1);
    const anna = await as({ organizationId: ours.organizationId, role: "admin" });
    expect((await page(await anna.get("/webhook-events"))).data).toEqual([]);
    expect((await anna.post(`/webhook-events/${id}/replay`)).status).toBe(404);
  });
});

describe("what takes the role admin", () => {
  it.for([
    "GET /webhook-events",
    "POST /webhook-events/1/replay",
    "GET /metrics",
    "POST /contacts/1/merge",
    "POST /contact-merges/1/undo",
  ])("is refused to an agent: %s", async (route, { expect }) => {
    const { organizationId } = await anOrganization();
    const anna = await as({ organizationId, role: "agent" });
    const [method, path = ""] = route.split(" ");
    const answer = await (method === "GET" ? anna.get(path) : anna.post(path));
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([403, "forbidden"]);
  });
});
