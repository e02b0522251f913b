import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { anOrganization } from "../support/build.ts";
import { aStatus, aText, aWamid, deliverAndStore } from "../support/meta.ts";
import { aTextOf, chatOf, ingestItems, logOf, messageOf } from "../support/stored.ts";

const HOUR_MS = 3_600_000;
const FAR = new Date("2286-11-20T00:00:00Z");
const from = "79161110011";

describe("an event with a wrong time", () => {
  it("P11: is numbered in order of arrival, whatever its times", async ({ expect }) => {
    const ground = await anOrganization();
    const now = Date.now();
    const times = [now, now + HOUR_MS, now - HOUR_MS, 0, FAR.getTime(), now];
    const wamids = times.map(() => aWamid());
    for (const [i, ms] of times.entries()) {
      await ingestItems(ground, aTextOf(`text ${i}`, { from, wamid: wamids[i] ?? "", at: new Date(ms) }));
    }
    const messages = await Promise.all(wamids.map((wamid) => messageOf(ground, wamid)));
    expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(messages.map(({ createdAt }) => Math.floor(createdAt.getTime() / 1000))).toEqual(
      times.map((ms) => Math.floor(ms / 1000)),
    );
    const chat = await chatOf(ground);
    expect(chat).toMatchObject({ head: 6, unreadCount: 6, lastMessageId: messages[4]?.id });
    expect((await logOf(chat.id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.for([
    ["an hour ahead", Date.now() + HOUR_MS],
    ["far ahead", FAR.getTime()],
  ] as const)("P11: opens the service window from now at most when it is %s", async ([, ms], { expect }) => {
    const ground = await anOrganization();
    await ingestItems(ground, aTextOf("Hello", { from, at: new Date(ms) }));
    const { lastInboundAt } = await chatOf(ground);
    expect(lastInboundAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(lastInboundAt?.getTime()).toBeGreaterThan(Date.now() - HOUR_MS);
  });

  it.for([
    ["an hour behind", Date.now() - HOUR_MS],
    ["at zero", 0],
  ] as const)(
    "P11: opens the service window from its own time when it is %s, and shuts none",
    async ([, ms], { expect }) => {
      const ground = await anOrganization();
      const at = new Date(Math.floor(ms / 1000) * 1000);
      await ingestItems(ground, aTextOf("Hello", { from, at }));
      expect((await chatOf(ground)).lastInboundAt).toEqual(at);
      await ingestItems(ground, aTextOf("Now", { from }));
      const { lastInboundAt: opened } = await chatOf(ground);
      await ingestItems(ground, aTextOf("And before", { from, at }));
      expect((await chatOf(ground)).lastInboundAt).toEqual(opened);
      expect(opened?.getTime()).toBeGreaterThan(Date.now() - HOUR_MS);
    },
  );

  it("P11: has its statuses numbered in order of arrival, and the highest of them wins", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const wamid = aWamid();
    await ingestItems(ground, aTextOf("Ours", { to: from, wamid }));
    await ingestItems(ground, aStatus(wamid, "read", { at: new Date(0) }));
    await ingestItems(ground, aStatus(wamid, "delivered", { at: FAR }));
    expect((await messageOf(ground, wamid)).status).toBe("read");
    expect((await logOf((await chatOf(ground)).id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe("a message of the year 9999", () => {
  it("P11: pins neither its chat, nor the preview, nor a name, once it comes in by the webhook", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const at = new Date("9999-12-31T00:00:00Z");
    await deliverAndStore(ground.phoneNumberId, aText({ from, body: "From then", name: "Then", at }));
    const first = await chatOf(ground);
    expect(Math.abs(first.lastMessageAt.getTime() - Date.now())).toBeLessThan(HOUR_MS);
    const later = new Date(Date.now() + 60_000);
    await deliverAndStore(ground.phoneNumberId, aText({ from, body: "From now", name: "Now", at: later }));
    const { data } = await (await (await as(ground)).get("/chats")).json<{ data: object[] }>();
    expect(data).toMatchObject([{ contact: { name: "Now" }, lastMessage: { body: "From now" } }]);
  });
});
