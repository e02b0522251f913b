import { describe, it } from "vitest";
import { openTab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, choose, type InboxWorld, type Json, openChat, row, send, thread } from "./world.ts";

const nowS = () => String(Math.floor(Date.now() / 1000));

export function messageFactTests(world: InboxWorld): void {
  describe("what is known of a message", () => {
    it("does not include a quoted message that was never stored (UI-15)", async ({ expect }) => {
      const quirin = await world.customer("Quirin Zitat");
      await world.hook("messages", {
        contacts: [{ wa_id: quirin.phone, profile: { name: quirin.name } }],
        messages: [
          {
            ...{ from: quirin.phone, id: "wamid.quirin", timestamp: nowS(), type: "text" },
            text: { body: "As you said then" },
            context: { from: "79001234567", id: "wamid.NEVER_STORED" },
          },
        ],
      });
      const tab = await world.open("anna", await world.addressOf(quirin));
      const answer = bubbles(tab.page, "As you said then");
      await answer.getByText("Original not available").waitFor();
      // There is nothing to go to.
      expect(await answer.getByRole("button", { name: /Original|earlier/ }).count()).toBe(0);
      expectQuiet(tab, expect);
    });

    it("includes which member of a group wrote what is answered and quoted (UI-15)", async ({ expect }) => {
      const member = { wa_id: "79990007001", profile: { name: "Mara Mitglied" } };
      const inGroup = { from: member.wa_id, group_id: "group-of-quotes", timestamp: nowS(), type: "text" };
      await world.hook("messages", {
        contacts: [member],
        messages: [
          { ...inGroup, id: "wamid.quotes1", text: { body: "Who brings the cake?" } },
          {
            ...{ ...inGroup, id: "wamid.quotes2", text: { body: "Nobody?" } },
            context: { from: member.wa_id, id: "wamid.quotes1" },
          },
        ],
      });
      const tab = await world.open();
      const { page } = tab;
      await page.getByRole("link", { name: /Nobody\?/ }).click();
      const quote = bubbles(page, "Nobody?").getByRole("button", { name: /Who brings the cake/ });
      await quote.getByText("Mara Mitglied").waitFor();
      await choose(page, "Nobody?", "Reply");
      await page.getByText("Reply to Mara Mitglied").waitFor();
      expectQuiet(tab, expect);
    });

    it("says by whose clock each step was, and what to quote to Meta's support (UI-41)", async ({
      expect,
    }) => {
      const tilda = await world.customer("Tilda Zeit");
      await world.say(tilda, "Where is it?");
      const tab = await world.open("anna", await world.addressOf(tilda));
      const { page } = tab;
      await world.control("PUT", "/faults", { answer: { code: 131053, times: 1 } });
      await send(page, "This one fails");
      const chatId = Number(page.url().split("/").at(-1));
      const failed = async () => {
        const { data } = (await world.api("anna", "GET", `/chats/${chatId}/messages`)) as { data: Json[] };
        return data.find(({ status }) => status === "failed")?.error as { fbtraceId: string } | undefined;
      };
      await expect.poll(failed).toBeDefined();
      await world.control("DELETE", "/faults");
      const steps = page.getByRole("dialog").getByRole("listitem");
      await choose(page, "This one fails", "What happened");
      const { fbtraceId } = (await failed()) ?? { fbtraceId: "none" };
      expect(fbtraceId).not.toBe("");
      await steps.filter({ hasText: `trace id for Meta's support: ${fbtraceId}` }).waitFor();
      await page.keyboard.press("Escape");

      await choose(page, "Where is it?", "What happened");
      await steps.filter({ hasText: /^Written.*\d:\d\d.*Meta's clock/ }).waitFor();
      await steps.filter({ hasText: /^Stored.*\d:\d\d.*our clock/ }).waitFor();
      await page.keyboard.press("Escape");
      await send(page, "This one arrives");
      const ours = bubbles(page, "This one arrives");
      await ours.getByRole("img", { name: /^(Delivered|Read)/ }).waitFor();
      await choose(page, "This one arrives", "What happened");
      await steps.filter({ hasText: /^Delivered.*Meta's clock.*known here at .*\d:\d\d/ }).waitFor();
      expect(tab.foreign).toEqual([]);
    });

    it("is one bubble for every agent, though Meta's echo was faster than what names it (UI-06)", async ({
      expect,
    }) => {
      const elsa = await world.customer("Elsa Echo");
      await world.say(elsa, "Hello");
      const [anna, oleg] = [await world.open(), await world.open("oleg")];
      for (const { page } of [anna, oleg]) await openChat(page, elsa);
      // Without Graph's answer the statuses are the first to name it.
      await world.control("PUT", "/faults", { dropAnswer: { times: 1 }, hold: { events: "statuses" } });
      await send(anna.page, "Hello, hello");
      await expect.poll(async () => (await world.shownTo(elsa)).length).toBe(1);
      const [{ wamid } = {}] = await world.shownTo(elsa);
      await world.hook("smb_message_echoes", {
        message_echoes: [
          {
            ...{ from: "79001234567", to: elsa.phone, id: wamid, timestamp: nowS(), type: "text" },
            text: { body: "Hello, hello" },
          },
        ],
      });
      for (const { page } of [anna, oleg])
        await expect.poll(() => bubbles(page, "Hello, hello").count()).toBe(2);
      await world.control("DELETE", "/faults");
      for (const { page } of [anna, oleg]) {
        await expect.poll(() => bubbles(page, "Hello, hello").count()).toBe(1);
        await bubbles(page, "Hello, hello")
          .getByRole("img", { name: /^(Delivered|Read)/ })
          .waitFor();
        await row(page, elsa, "You: .*Hello, hello").waitFor();
      }
      await oleg.page.reload();
      await bubbles(oleg.page, "Hello, hello").first().waitFor();
      expect(await bubbles(oleg.page, "Hello, hello").count()).toBe(1);
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("can be a video, which plays faster where the agent likes (UI-30)", async ({ expect }) => {
      const vera = await world.customer("Vera Film");
      await world.say(vera, { type: "video", video: { caption: "see how it rattles" } });
      const tab = await world.open("anna", await world.addressOf(vera));
      const { page } = tab;
      const video = bubbles(page, "see how it rattles").locator("video");
      const rate = () => video.evaluate((one) => (one as HTMLVideoElement).playbackRate);
      expect(await rate()).toBe(1);
      for (const [from, to] of [
        [1, 1.5],
        [1.5, 2],
        [2, 1],
      ]) {
        await thread(page)
          .getByRole("button", { name: `Speed ${from}×` })
          .click();
        expect(await rate()).toBe(to);
      }
      expect(tab.foreign).toEqual([]);
    });
  });

  describe("what is known of a customer", () => {
    it("is shown to an agent who is no admin too: each identity, and since when (UI-39)", async ({
      expect,
    }) => {
      const ida = await world.customer("Ida Kennung");
      await world.say(ida, "It is me");
      const tab = await openTab(world.system.browser, world.system.origin, {
        viewport: { width: 1400, height: 800 },
      });
      const { page } = tab;
      const token = await world.system.tokenFor("ivan", ["--role", "agent"]);
      await page.goto(`${await world.addressOf(ida)}#token=${token}`);
      const known = page.getByRole("region", { name: "Known as" });
      const digits = ida.phone.slice(-4);
      await known
        .getByRole("listitem")
        .filter({ hasText: new RegExp(`${digits.slice(0, 2)}-?${digits.slice(2)}.*Phone, since .*\\d`) })
        .waitFor();
      expectQuiet(tab, expect);
    });
  });
}
