import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aChat } from "../support/build.ts";
import { load } from "../support/client-store.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { aTextOf, ingestItems } from "../support/stored.ts";

describe("a new socket", () => {
  it("resumes with current, and gives the head, for a client that missed nothing", async ({ expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch, seq } = await load(anna, chat.id);
    const tab = await anna.openTab(chat.id, `?since=${seq}&epoch=${epoch}`);
    expect(await tab.nextFrame()).toEqual({ type: "hello", resume: "current", head: 1, epoch });
  });

  it("replays what was missed, with the chat's row on the last event, and then goes live", async ({
    expect,
  }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch } = await load(anna, chat.id);
    const texts = ["two", "three"].map((body) => aText({ from: chat.customer, body }));
    await deliverAndStore(chat.phoneNumberId, ...texts);

    const tab = await anna.openTab(chat.id, `?since=1&epoch=${epoch}`);
    expect(await tab.nextFrame()).toEqual({ type: "hello", resume: "replay", head: 3, epoch });
    const missed = [await tab.nextFrame(), await tab.nextFrame()];
    expect(missed).toMatchObject([
      { seq: 2, event: "message.created", message: { body: "two" } },
      { seq: 3, event: "message.created", message: { body: "three" }, chat: { head: 3, unreadCount: 3 } },
    ]);
    expect(missed[0]).not.toHaveProperty("chat");

    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "four" }));
    expect(await tab.nextFrame()).toMatchObject({ seq: 4, message: { body: "four" }, chat: { head: 4 } });
  });

  it("is reset only where loading again is the cheaper way: when it is more than 500 events behind", async ({
    expect,
  }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch } = await load(anna, chat.id);
    const texts = Array.from({ length: 501 }, () => aTextOf("An ordinary text", { from: chat.customer }));
    await ingestItems(chat, ...texts);
    const open = async (since: number) => {
      const tab = await anna.openTab(chat.id, `?since=${since}&epoch=${epoch}`);
      expect(await tab.nextFrame()).toMatchObject({ type: "hello", head: 502 });
      return tab;
    };

    for (const round of ["a room that has just woken", "a room that knows the head"]) {
      const replayed = await open(2);
      while (replayed.frames.length < 501) await replayed.nextFrame();
      const [hello, ...events] = replayed.frames;
      expect([round, hello]).toMatchObject([round, { resume: "replay" }]);
      expect(events.map((event) => "seq" in event && event.seq)).toEqual(texts.slice(1).map((_, i) => i + 3));

      const reset = await open(1);
      expect(reset.frames).toMatchObject([{ type: "hello", resume: "reset" }]);
      const loaded = await Promise.all(
        ["", "/messages?limit=50"].map(
          async (path) => await (await anna.get(`/chats/${chat.id}${path}`)).text(),
        ),
      );
      expect(loaded.join("").length).toBeLessThan(JSON.stringify(events).length / 2);
    }
  });

  it.for([
    { title: "without a number", query: () => "" },
    { title: "with another epoch", query: () => "?since=1&epoch=another" },
    { title: "without an epoch", query: () => "?since=1" },
    { title: "ahead of the chat", query: (epoch: string) => `?since=2&epoch=${epoch}` },
  ])("resets a client $title, replays nothing, and goes live", async ({ query }, { expect }) => {
    const chat = await aChat();
    const anna = await as(chat);
    const { epoch } = await load(anna, chat.id);
    const tab = await anna.openTab(chat.id, query(epoch));
    expect(await tab.nextFrame()).toEqual({ type: "hello", resume: "reset", head: 1, epoch });

    await deliverAndStore(chat.phoneNumberId, aText({ from: chat.customer, body: "two" }));
    expect(await tab.nextFrame()).toMatchObject({ seq: 2 });
  });

  it.for(["?since=-1", "?since=x", "?since=1.5", "?epoch=", `?epoch=${"e".repeat(65)}`])(
    "is refused with the query %s",
    async (query, { expect }) => {
      const chat = await aChat();
      const anna = await as(chat);
      await expect(anna.openTab(chat.id, query)).rejects.toThrow("400");
    },
  );
});
