import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  bubbles,
  choose,
  composer,
  hasFocus,
  type InboxWorld,
  type Json,
  listenTo,
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

/** So tall that a whole thread is in the page. */
const TALL = { viewport: { width: 1200, height: 9_000 } };

/** Of the list of bodies the first message object of each kind. */
function bodies(): Json[] {
  const lines = readFileSync(join(import.meta.dirname, "../../whatsapp/bodies.txt"), "utf8")
    .trimEnd()
    .split("\n");
  const first = new Map(
    lines.map((line) => [line.split(" ⇒ ")[0], line.split(" ⇐ ")[1] ?? ""]).reverse() as [string, string][],
  );
  return (
    [...first.values()]
      .map((line) => JSON.parse(line) as Json)
      // A customer whose number changes is another one from then on.
      .filter(({ type }) => typeof type === "string" && type !== "system")
  );
}

export function contentTests(world: InboxWorld): void {
  describe("what a message holds", () => {
    it("is shown for every type, and by its name for one that nobody knows yet (UI-34)", async ({
      expect,
    }) => {
      const kai = await world.customer("Kai Allerlei");
      const startS = Math.floor(Date.now() / 1000) - 60;
      for (const [i, [message]] of KINDS.entries()) await world.say(kai, message, { timestamp: startS + i });
      // Not by its row: newer chats may have moved that out of view.
      const tab = await world.open("anna", await world.addressOf(kai));
      const incoming = tab.page.locator("[data-message]");
      await expect.poll(() => incoming.count()).toBe(KINDS.length);
      await expect
        .poll(() => incoming.allInnerTexts())
        .toEqual(KINDS.map(([, expected]) => expect.stringMatching(expected)));
      await choose(tab.page, /hologram/, "What happened");
      const dialog = tab.page.getByRole("dialog", { name: "What happened to this message" });
      await dialog.getByText("Meta's object").click();
      await dialog.getByText('"depth": 3').waitFor();
      expectQuiet(tab, expect);
    });

    it("is not empty for a body of each kind that Meta sends (UI-34)", async ({ expect }) => {
      const lotte = await world.customer("Lotte Liste");
      const startS = Math.floor(Date.now() / 1000) - 600;
      const messages = bodies().map((body, i) => ({
        ...{ from: lotte.phone, id: `wamid.kind${i}`, timestamp: String(startS + i) },
        ...body,
      }));
      await world.hook("messages", {
        contacts: [{ wa_id: lotte.phone, profile: { name: lotte.name } }],
        messages,
      });
      await world.say(lotte, "last");
      const tab = await world.open("anna", await world.addressOf(lotte), TALL);
      await bubbles(tab.page, "last").waitFor();
      const all = tab.page.locator("[data-message]");
      await expect.poll(() => all.count()).toBeGreaterThan(12);
      const withoutMeta = async () =>
        (await all.allInnerTexts()).map((text) =>
          text
            .replace(/\d+:\d+ [AP]M/, "")
            .replace(lotte.name, "")
            .trim(),
        );
      await expect.poll(withoutMeta).not.toContain("");
      expectQuiet(tab, expect);
    });

    it("names the members of a group in colours of their own (UI-34)", async ({ expect }) => {
      // Their own chat has the same name, however late it begins.
      const bo = await world.customer("Bo Blau");
      const from = (wa_id: string, name: string) => ({ wa_id, profile: { name } });
      const at = String(Math.floor(Date.now() / 1000));
      const text = (id: string, of: string, body: string) => ({
        ...{ id: `wamid.group${id}`, from: of, group_id: "group-of-friends", timestamp: at },
        ...{ type: "text", text: { body } },
      });
      await world.hook("messages", {
        contacts: [from("79990001111", "Gina Grün"), from(bo.phone, "Bo Blau")],
        messages: [
          text("1", "79990001111", "Shall we?"),
          text("2", "79990001111", "On Friday?"),
          text("3", bo.phone, "Yes, let us"),
        ],
      });
      await world.say(bo, "May I bring a friend?");
      const boAddress = await world.addressOf(bo);
      const tab = await world.open();
      const { page } = tab;
      await page.getByRole("link", { name: /Yes, let us/ }).click();
      const colour = (name: string) =>
        thread(page)
          .getByText(name, { exact: true })
          .first()
          .evaluate((element) => getComputedStyle(element).color);
      expect(await colour("Gina Grün")).not.toBe(await colour("Bo Blau"));
      const shownName = bubbles(page, "On Friday?").getByRole("paragraph").filter({ hasText: "Gina Grün" });
      expect(await shownName.count()).toBe(0);

      // Whoever gets another name has it here and in the list at once.
      const { contact } = await world.api("anna", "GET", boAddress.replace("/inbox", "/chats"));
      await world.api("anna", "PATCH", `/contacts/${(contact as Json).id}`, { name: "Bo (accounts)" });
      await bubbles(page, "Yes, let us").getByText("Bo (accounts)", { exact: true }).waitFor();
      await page.getByRole("link", { name: /Bo \(accounts\): Yes, let us/ }).waitFor();
      expectQuiet(tab, expect);
    });

    it("is a call with its recording, which can be heard (UI-34)", async ({ expect }) => {
      const cleo = await world.customer("Cleo Anruf");
      await world.say(cleo, "Call me");
      const note = await world.say(cleo, { type: "audio", audio: {} });
      const startS = Math.floor(Date.now() / 1000) - 200;
      const call = (more: Json) => ({ id: "wacid.CLEO", from: cleo.phone, to: "79001234567", ...more });
      const taken = { status: "COMPLETED", start_time: startS, end_time: startS + 125, duration: 125 };
      const recording = { call_recording: { audio: { id: note.audio?.id, mime_type: "audio/ogg" } } };
      for (const report of [
        call({ timestamp: startS, event: "connect", direction: "USER_INITIATED" }),
        call({ timestamp: startS + 125, event: "terminate", direction: "USER_INITIATED", ...taken }),
        call({ timestamp: startS + 180, event: "call_recording_available", ...recording }),
      ])
        await world.hook("calls", { calls: [report] });
      const tab = await world.open("anna", await world.addressOf(cleo));
      const sound = bubbles(tab.page, "Call, 2 min 5 s").locator("audio");
      await expect
        .poll(() => sound.evaluate((audio) => (audio as HTMLAudioElement).readyState))
        .toBeGreaterThan(0);
      await bubbles(tab.page, "Call, 2 min 5 s").getByRole("button", { name: "Speed 1×" }).click();
      expect(await sound.evaluate((audio) => (audio as HTMLAudioElement).playbackRate)).toBe(1.5);
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
        await expect.poll(() => page.content()).not.toMatch(/swordfish|foor/);
      }
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
    });

    it("is spoken and quoted no longer once the customer deletes it (UI-43)", async ({ expect }) => {
      const ruth = await world.customer("Ruth Reue");
      await world.say(ruth, "Hello");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, ruth);
      const spoken = await listenTo(page, "log");
      const { wamid } = await world.say(ruth, "My secret is marzipan");
      await expect.poll(spoken).toEqual(["My secret is marzipan"]);
      await choose(page, "marzipan", "Reply");
      await page.getByText("Reply to Ruth Reue").waitFor();

      // A change of the quoted message takes the focus from nowhere.
      await expect.poll(() => hasFocus(composer(page))).toBe(true);
      const search = page.getByRole("searchbox", { name: "Search chats and messages" });
      await search.focus();
      await world.say(ruth, { type: "reaction", reaction: { message_id: wamid, emoji: "🤫" } });
      await bubbles(page, "marzipan").getByText("🤫").waitFor();
      expect(await hasFocus(search)).toBe(true);

      await world.say(ruth, { type: "revoke", revoke: { original_message_id: wamid } });
      await bubbles(page, "Deleted by the customer").waitFor();
      await expect.poll(() => page.content()).not.toMatch(/marzipan|Reply to Ruth/);
      await send(page, "What did you say?");
      await bubbles(page, "What did you say?").getByRole("img", { name: ARRIVED }).waitFor();
      expect((await world.sentTo(ruth)).map(({ context }) => context)).toEqual([undefined]);
      expectQuiet(tab, expect);
    });

    it("comes from somebody without a phone number as from anybody, in one chat throughout (UI-39)", async ({
      expect,
    }) => {
      const fox = await world.customer("Noname");
      await world.control("PUT", `/customers/${fox.phone}`, { username: "quiet.fox", phoneVisible: false });
      await world.say(fox, "I keep my number to myself");
      const tab = await world.open();
      const { page } = tab;
      await openChat(page, fox);
      const details = page.getByRole("complementary", { name: "Contact details" });
      await details.getByText("@quiet.fox").waitFor();
      await thread(page).locator("header").getByText("@quiet.fox").waitFor();
      await details
        .getByRole("definition")
        .getByText(/^US\.\d+$/)
        .waitFor();
      expect(await details.getByText("Phone", { exact: true }).count()).toBe(0);
      await send(page, "That is fine");
      await bubbles(page, "That is fine").getByRole("img", { name: ARRIVED }).waitFor();
      expect(await row(page, fox).count()).toBe(1);
      const search = page.getByRole("searchbox", { name: "Search chats and messages" });
      await search.fill("quiet.f");
      await page
        .getByRole("list", { name: "Chats" })
        .getByRole("listitem")
        .filter({ hasText: "Noname" })
        .waitFor();
      await search.press("Escape");

      // The phone is revealed: the same chat, and both are known.
      await world.control("PUT", `/customers/${fox.phone}`, { phoneVisible: true });
      await world.say(fox, "Here it is");
      await bubbles(page, "Here it is").waitFor();
      const known = details.getByRole("region", { name: "Known as" });
      await known.getByText(/^Phone, since /).waitFor();
      await known.getByText(/^WhatsApp user id, since /).waitFor();
      expect(await row(page, fox).count()).toBe(1);
      await expectAccessible(tab, expect);
      expectQuiet(tab, expect);
    });

    it("is from somebody whom the team can name, everywhere at once (UI-39)", async ({ expect }) => {
      const nele = await world.customer("n3l3");
      await world.say(nele, "Guess who");
      const [anna, oleg] = [await world.open(), await world.open("oleg")];
      const { page } = anna;
      await openChat(page, nele);
      const details = page.getByRole("complementary", { name: "Contact details" });
      const rename = details.getByRole("button", { name: "Rename the contact" });
      await rename.click();
      await page.keyboard.type("Nele from the bakery");
      await expectAccessible(anna, expect);
      await page.keyboard.press("Enter");
      for (const tab of [anna, oleg]) await row(tab.page, { name: "Nele from the bakery" }).waitFor();
      await page.getByRole("heading", { level: 2, name: "Nele from the bakery" }).waitFor();
      await expect.poll(() => hasFocus(rename)).toBe(true);
      await rename.click();
      await details.getByRole("textbox", { name: "Name for your team" }).fill(" ");
      await page.keyboard.press("Enter");
      await row(oleg.page, nele).waitFor();
      for (const tab of [anna, oleg]) expectQuiet(tab, expect);
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
