import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  composer,
  type InboxWorld,
  type Json,
  openChat,
  row,
  send,
  thread,
} from "./world.ts";

/** What customers send, as Meta's object, and what of it the bubble has to say. */
const KINDS: [Json, RegExp][] = [
  [{ type: "location", location: { latitude: 55.75, longitude: 37.62, name: "Red Square" } }, /Red Square/],
  [
    {
      type: "contacts",
      contacts: [{ name: { formatted_name: "Jo Doe" }, phones: [{ phone: "+1 555-0100" }] }],
    },
    /Jo Doe.*\+1 555-0100/s,
  ],
  [
    {
      type: "order",
      order: {
        catalog_id: "1",
        text: "Please",
        product_items: [
          { product_retailer_id: "tea-1", quantity: 2, item_price: 4.5, currency: "EUR" },
          { product_retailer_id: "jam-2", quantity: 1, item_price: 3.25, currency: "EUR" },
        ],
      },
    },
    /Please.*2 × tea-1.*jam-2.*12[.,]25/s,
  ],
  [
    {
      type: "interactive",
      interactive: { type: "button_reply", button_reply: { id: "b", title: "Yes, please" } },
    },
    /Yes, please/,
  ],
  [
    {
      type: "interactive",
      interactive: { type: "list_reply", list_reply: { id: "r", title: "The red one" } },
    },
    /The red one/,
  ],
  [{ type: "button", button: { text: "Track it", payload: "track" } }, /Track it/],
  [
    { type: "unsupported", errors: [{ code: 131051, title: "Message type unknown" }] },
    /nsupported|not supported/,
  ],
  [{ type: "hologram", hologram: { depth: 3 } }, /hologram/],
];

export function contentTests(world: InboxWorld): void {
  describe("what a message holds", () => {
    it("is shown for every type, and by its name for one that nobody knows yet (UI-34)", async ({
      expect,
    }) => {
      const kai = await world.customer("Kai Allerlei");
      const startS = Math.floor(Date.now() / 1000) - 60;
      for (const [i, [message]] of KINDS.entries()) await world.say(kai, message, { timestamp: startS + i });
      const tab = await world.open();
      await openChat(tab.page, kai);
      const incoming = tab.page.locator("[data-message]");
      await expect.poll(() => incoming.count()).toBe(KINDS.length);
      const texts = await incoming.allInnerTexts();
      for (const [i, [, expected]] of KINDS.entries()) expect(texts[i]).toMatch(expected);
      expectQuiet(tab, expect);
    });

    it("is text and never markup, with links that are safe (UI-31, UI-32)", async ({ expect }) => {
      const max = await world.customer("Max <b>Markup</b>");
      await world.say(max, "<img src=x onerror=alert(1)> *bold* javascript:alert(1) https://аpple.com/ ok");
      const tab = await world.open();
      const { page } = tab;
      await row(page, { name: "Max" }).click();
      const bubble = bubbles(page, "<img src=x onerror=alert(1)>");
      await bubble.getByText("bold", { exact: true }).waitFor();
      expect(await bubble.locator("img").count()).toBe(0);
      expect(await bubble.getByText("bold", { exact: true }).evaluate(({ tagName }) => tagName)).toBe(
        "STRONG",
      );
      const links = bubble.getByRole("link");
      expect(await links.count()).toBe(1);
      expect(await links.getAttribute("rel")).toBe("noopener noreferrer nofollow");
      expect(await links.textContent()).toBe("https://xn--pple-43d.com/");
      await page.getByRole("heading", { level: 2, name: "Max <b>Markup</b>" }).waitFor();
      expectQuiet(tab, expect);
    });

    it("stands at the side where its script begins (UI-33)", async ({ expect }) => {
      const ali = await world.customer("علي");
      await world.say(ali, "مرحبا، متى تفتحون؟");
      await world.say(ali, "Hello, when do you open?");
      const tab = await world.open();
      await openChat(tab.page, ali);
      const side = (text: string) =>
        bubbles(tab.page, text)
          .getByText(text)
          .evaluate((element) => getComputedStyle(element).direction);
      expect(await side("مرحبا، متى تفتحون؟")).toBe("rtl");
      expect(await side("Hello, when do you open?")).toBe("ltr");
      expectQuiet(tab, expect);
    });

    it("is gone from every page once the customer deletes it, and marked once it is edited (UI-43)", async ({
      expect,
    }) => {
      const rita = await world.customer("Rita Reue");
      const { wamid } = await world.say(rita, "My password is swordfish");
      const edited = await world.say(rita, "Meet at foor");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      for (const { page } of [anna, oleg]) {
        await openChat(page, rita);
        await bubbles(page, "swordfish").waitFor();
      }
      await world.say(rita, {
        type: "edit",
        edit: {
          original_message_id: edited.wamid,
          message: { type: "text", text: { body: "Meet at four" } },
        },
      });
      await world.say(rita, { type: "revoke", revoke: { original_message_id: wamid } });
      for (const { page } of [anna, oleg]) {
        await bubbles(page, "Deleted by the customer").waitFor();
        await bubbles(page, "Meet at four").getByText("edited").waitFor();
        expect(await page.content()).not.toMatch(/swordfish|foor/);
      }
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("comes from somebody without a phone number as from anybody, in one chat throughout (UI-39)", async ({
      expect,
    }) => {
      const id = "US.99887766554433221";
      await world.control("PUT", `/customers/${id}`, { name: "Noname", username: "quiet.fox" });
      const fox = { phone: id, name: "Noname" };
      await world.say(fox, "I keep my number to myself");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, fox);
      const details = page.getByRole("complementary", { name: "Contact details" });
      await details.getByText("@quiet.fox").waitFor();
      await details.getByText(id).waitFor();
      expect(await details.getByText("Phone", { exact: true }).count()).toBe(0);
      await send(page, "That is fine");
      await bubbles(page, "That is fine").getByRole("img", { name: ARRIVED }).waitFor();
      expect(await row(page, fox).count()).toBe(1);
      expectQuiet(tab, expect);
    });

    it("only rises in its ticks, whose shapes differ (UI-05)", async ({ expect }) => {
      const tia = await world.customer("Tia Haken");
      await world.say(tia, "Tell me");
      await world.control("PUT", `/customers/${tia.phone}`, { reads: false });
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, tia);
      await send(page, "Told you");
      const tick = bubbles(page, "Told you").getByRole("img", { name: /^Delivered, / });
      const shape = () => bubbles(page, "Told you").getByRole("img").innerHTML();
      await tick.waitFor();
      const delivered = await shape();
      await world.control("PUT", "/faults", { reverseStatuses: { times: 1 } });
      await world.control("PUT", `/customers/${tia.phone}`, { reads: true });
      await bubbles(page, "Told you")
        .getByRole("img", { name: /^Read, / })
        .waitFor();
      expect(await shape()).not.toBe(delivered);
      await send(page, "In reverse");
      await bubbles(page, "In reverse")
        .getByRole("img", { name: /^Read, / })
        .waitFor();
      await world.control("DELETE", "/faults");
      await composer(page).fill("");
      expect(
        await thread(page)
          .getByRole("img", { name: /^Read, / })
          .count(),
      ).toBe(2);
      expectQuiet(tab, expect);
    });
  });
}
