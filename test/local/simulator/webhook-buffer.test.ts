import { afterEach, beforeEach, describe, it } from "vitest";
import { arrivals, type Fixture, signatureOf, startFixture, until } from "./fixture.ts";

const CUSTOMER = "79160000001";
/** No group has to be sent before it is full, however busy the machine is. */
const LONG_MS = 600_000;

describe("a fault of the simulator's webhooks", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture({ random: () => 0.5 });
  });
  afterEach(() => fixture.close());

  const bodies = () => fixture.webhook.items("messages").map((message) => message.text.body);
  const writeAll = async (...texts: string[]) => {
    for (const text of texts) await fixture.write(CUSTOMER, text);
  };
  const idle = () => until(async () => (await fixture.control("GET", "/webhooks")).body.data.length === 0);

  it("duplicates the given number of times, and then no more", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { duplicate: { copies: 2, times: 1 } });
    await writeAll("one", "two");
    await until(() => bodies().length === 4);
    await idle();
    expect(bodies().toSorted()).toEqual(["one", "one", "one", "two"]);
    expect((await fixture.control("GET", "/faults")).body).toEqual({});
  });

  it("reorders, even when the shuffle keeps the order", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { reorder: { window: 3, ms: LONG_MS, times: 1 } });
    await writeAll("one", "two", "three", "four");
    await until(() => bodies().length === 4);
    expect(bodies().filter((body) => body !== "four")).toEqual(["two", "three", "one"]);
  });

  it("does not wait forever for a group to fill", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { reorder: { window: 100 } });
    await writeAll("one", "two");
    await until(() => bodies().length === 2);
    expect(bodies()).toEqual(["two", "one"]);
  });

  const shapes: [as: string, entries: number, changes: number, items: number][] = [
    ["entries", 3, 3, 3],
    ["changes", 1, 3, 3],
    ["items", 1, 1, 3],
  ];
  for (const [as, entries, changes, items] of shapes) {
    it(`batches as ${as}, signed as a whole`, async ({ expect }) => {
      await fixture.control("PUT", "/faults", { batch: { size: 3, as, ms: LONG_MS } });
      await writeAll("one", "two", "three");
      await until(() => bodies().length === items);
      const [first, ...more] = fixture.webhook.received;
      expect(more).toEqual([]);
      expect(first?.body.entry).toHaveLength(entries);
      expect(first?.body.entry.flatMap((entry: { changes: unknown[] }) => entry.changes)).toHaveLength(
        changes,
      );
      expect(bodies()).toEqual(["one", "two", "three"]);
      expect(first?.signature).toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
    });
  }

  it("holds statuses back until the faults are cleared", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { hold: {} });
    await writeAll("hello");
    await fixture.send(CUSTOMER, "hello yourself");
    await until(async () => (await fixture.control("GET", "/webhooks")).body.data.length === 3);
    expect(bodies()).toEqual(["hello"]);
    expect(fixture.webhook.items("statuses")).toEqual([]);
    await fixture.control("DELETE", "/faults");
    await until(() => fixture.webhook.items("statuses").length === 3);
  });

  const orders: [fault: string, statuses: string[]][] = [
    ["reverseStatuses", ["read", "delivered", "sent"]],
    ["skipDelivered", ["sent", "read"]],
  ];
  for (const [fault, expected] of orders) {
    it(`reports ${expected.join(", ")} under ${fault}`, async ({ expect }) => {
      await fixture.control("PUT", "/faults", { [fault]: {} });
      await writeAll("hello");
      await fixture.send(CUSTOMER, "hello yourself");
      await until(() => fixture.webhook.items("statuses").length === expected.length);
      await idle();
      expect(fixture.webhook.items("statuses").map(({ status }) => status)).toEqual(expected);
    });
  }

  it("fails an accepted message with a code", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { failed: { code: 131026, times: 1 } });
    await writeAll("hello");
    expect((await fixture.send(CUSTOMER, "lost")).status).toBe(200);
    await until(() => fixture.webhook.items("statuses").length === 1);
    expect(fixture.webhook.items("statuses")[0]).toMatchObject({
      status: "failed",
      errors: [{ code: 131026 }],
    });
  });

  it("signs with a wrong secret", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { badSignature: {} });
    await writeAll("hello");
    const [first] = await arrivals(fixture);
    expect(first?.signature).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(first?.signature).not.toBe(signatureOf(first?.raw ?? Buffer.alloc(0)));
  });

  it("hides every phone number", async ({ expect }) => {
    await fixture.control("PUT", "/faults", { noPhone: {} });
    await writeAll("hello");
    await until(() => bodies().length === 1);
    expect(JSON.stringify(fixture.webhook.received[0]?.body)).not.toContain(CUSTOMER);
  });
});
