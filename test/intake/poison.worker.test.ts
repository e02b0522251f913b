import { describe, it, onTestFinished } from "vitest";
import { sourceOf } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { as } from "../support/as.ts";
import { aChat, anOrganization } from "../support/build.ts";
import { aGate, aRefusal } from "../support/gate.ts";
import { captureLogs } from "../support/logs.ts";
import { aBody, aText, aWamid, deliver, post } from "../support/meta.ts";
import { messageOf, storedEventsOf } from "../support/stored.ts";
import { ask } from "../support/worker.ts";
import { AWAY, drain, give, spoolDepth } from "./shards.ts";

/** Deeper than Postgres' parser of JSON can go, and not too deep for ours. */
const DEEP = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;

type Chat = Awaited<ReturnType<typeof aChat>>;

/** A body with a good message and one that Postgres refuses as JSON. */
function poisoned({ phoneNumberId, customer }: Chat, wamid: string): string {
  const good = aText({ from: customer, body: "Good", wamid });
  const bad = aText({ from: customer, body: "Poison" });
  const body = JSON.stringify(aBody(phoneNumberId, good, { ...bad, item: { ...bad.item, x: "DEEP" } }));
  return body.replace('"DEEP"', DEEP);
}

type Listed = { data: { id: number; tries: number }[]; nextCursor: string | null };

describe("what Postgres refuses in every form", () => {
  it.for(["at once", "by the drain"])(
    "leaves as raw bytes %s, is logged once, and readiness is green",
    async (when, { expect }) => {
      const chat = await aChat();
      const wamid = aWamid();
      const body = poisoned(chat, wamid);
      const logs = captureLogs();
      onTestFinished(logs.stop);
      if (when === "at once") expect((await post(body)).status).toBe(200);
      else {
        const restore = await give(AWAY);
        expect((await post(body)).status).toBe(200);
        await restore();
      }
      await drain();
      logs.stop();

      expect(await messageOf(chat, wamid)).toMatchObject({ body: "Good" });
      const [stored, ...more] = await storedEventsOf(chat);
      expect(stored).toMatchObject({ reason: "refused_by_database", payload: null });
      expect(more).toEqual([]);
      const [, poison] = flatten(new TextEncoder().encode(body));
      expect(new TextDecoder().decode(stored?.raw ?? undefined)).toBe(poison && sourceOf(poison));
      expect(logs.lines.filter((line) => line.includes("Postgres rejected an item"))).toHaveLength(1);
      expect(await spoolDepth()).toBe(0);
      const checked = async () => {
        const { checks } = await (await ask("/readyz")).json<{ checks: Record<string, object> }>();
        return checks.spool;
      };
      await expect.poll(checked).toEqual({ status: "ok", depth: 0, oldestSeconds: null });
    },
  );
});

describe("the routes to the spool", () => {
  it("list, show, retry and take out the events of the organization alone, and leave an audit line", async ({
    expect,
  }) => {
    const [chat, other] = [await aChat(), await aChat()];
    const [anna, boris] = [await as({ ...chat, role: "admin" }), await as({ ...other, role: "admin" })];
    expect((await anna.get("/spooled-events")).status).toBe(200);
    const refusal = aRefusal("ingest(", "53100");
    onTestFinished(refusal.end);
    const wamids = ["one", "two", "three"].map(() => aWamid());
    for (const wamid of wamids)
      await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: wamid, wamid }));
    await deliver(other.phoneNumberId, aText({ from: other.customer, body: "Another's" }));
    const list = async (query = "") => await (await anna.get(`/spooled-events${query}`)).json<Listed>();

    const { data } = await list();
    expect(data).toMatchObject(wamids.map(() => ({ kind: "message", phoneNumberId: chat.phoneNumberId })));
    const paged: number[] = [];
    for (let query: string | null = "?limit=1"; query !== null; ) {
      const page: Listed = await list(query);
      expect(page.data.length).toBeLessThanOrEqual(1);
      paged.push(...page.data.map(({ id }) => id));
      query = page.nextCursor && `?limit=1&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(data.map(({ id }) => id));

    const [first, second] = data.map(({ id }) => id);
    const shown = await (await anna.get(`/spooled-events/${first}`)).json<{ source: string }>();
    expect(JSON.parse(shown.source)).toMatchObject({
      entry: [{ changes: [{ value: { messages: [{ id: wamids[0] }] } }] }],
    });
    for (const answer of [
      await boris.get(`/spooled-events/${first}`),
      await boris.post(`/spooled-events/${first}/retry`),
      await boris.remove(`/spooled-events/${first}`),
    ])
      expect(answer.status).toBe(404);

    const retry = async (id = 0) => await (await anna.post(`/spooled-events/${id}/retry`)).json();
    expect(await retry(first)).toEqual({ id: first, isStored: false, sqlState: "53100" });
    expect((await anna.remove(`/spooled-events/${second}`)).status).toBe(204);
    refusal.end();
    expect(await retry(first)).toEqual({ id: first, isStored: true, sqlState: null });
    expect(await messageOf(chat, wamids[0] ?? "")).toMatchObject({ body: wamids[0] });
    expect((await anna.post(`/spooled-events/${first}/retry`)).status).toBe(404);
    await drain();
    await expect(messageOf(chat, wamids[1] ?? "")).rejects.toThrow("0 messages");
    expect(await messageOf(chat, wamids[2] ?? "")).toMatchObject({ body: wamids[2] });
    expect((await list()).data).toEqual([]);
    const audit = await (await anna.get("/audit")).json<{ data: object[] }>();
    expect(audit.data).toMatchObject(
      [
        ["phone.event_retried", first],
        ["phone.event_removed", second],
        ["phone.event_retried", first],
      ].map(([action, eventId]) => ({ action, detail: { eventId } })),
    );
  });

  it("do not take out an event that is being stored, by the drain or by a retry", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as({ ...chat, role: "admin" });
    for (const store of ["drain", "retry"]) {
      const wamid = aWamid();
      const refusal = aRefusal("ingest(", "53100");
      await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: store, wamid }));
      refusal.end();
      const [{ id } = { id: 0 }] = (await (await anna.get("/spooled-events")).json<Listed>()).data;
      const gate = aGate("ingest(", "answer");
      onTestFinished(gate.open);
      const stored = store === "drain" ? drain() : anna.post(`/spooled-events/${id}/retry`);
      await gate.reached;
      const answer = await anna.remove(`/spooled-events/${id}`);
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: "event_in_progress" }]);
      gate.open();
      await stored;
      expect(await messageOf(chat, wamid)).toMatchObject({ body: store });
      expect((await anna.remove(`/spooled-events/${id}`)).status).toBe(404);
    }
  });

  it("are for admins", async ({ expect }) => {
    const { organizationId } = await anOrganization();
    const agent = await as({ organizationId });
    expect((await agent.get("/spooled-events")).status).toBe(403);
    const admin = await as({ organizationId, role: "admin" });
    expect((await admin.get(`/spooled-events/${Number.MAX_SAFE_INTEGER}`)).status).toBe(404);
    expect((await admin.get("/spooled-events/0")).status).toBe(400);
  });
});
