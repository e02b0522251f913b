import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { openTab, type Tab } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, choose, composer, type InboxWorld, send, thread, typeUntil } from "./world.ts";

/** Is in every name of this test: written from the right, with a digit that takes the direction of what it stands beside. */
const SIGN = "قمر 7";

/** Where a name stands without a direction of its own, with the text that it stands in. */
function strayNames(sign: string): string[] {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const stray: string[] = [];
  while (texts.nextNode()) {
    const { nodeValue, parentElement } = texts.currentNode;
    if (!nodeValue?.includes(sign) || !parentElement) continue;
    if (parentElement.closest("bdi, option[dir=auto]")) continue;
    stray.push(`${parentElement.tagName} ${parentElement.className}: ${parentElement.textContent}`);
  }
  return stray;
}

export function nameTests(world: InboxWorld): void {
  /** A token of an agent with such a name, which the agent has as long as no other token of theirs comes. */
  const tokenOf = (sub: string) => world.system.tokenFor(sub, ["--name", `${SIGN} ${sub}`]);
  const apiAs = async (sub: string, method: string, path: string, body?: object): Promise<void> => {
    const headers = { authorization: `Bearer ${await tokenOf(sub)}`, "content-type": "application/json" };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${world.system.origin}/api/waba${path}`, init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  };
  const openAs = async (sub: string, path: string): Promise<Tab> => {
    const tab = await openTab(world.system.browser, world.system.origin, {
      viewport: { width: 1400, height: 900 },
    });
    await tab.page.goto(`${path}#token=${await tokenOf(sub)}`);
    await tab.page.getByRole("heading", { level: 1 }).waitFor();
    return tab;
  };
  const countOf = (page: Page) => page.getByText(SIGN).count();

  describe("a name", () => {
    it("keeps its own direction wherever it stands (UI-33)", async ({ expect }) => {
      const nour = await world.customer(`${SIGN} Nour`);
      await world.say(nour, "Hello");
      await world.say(nour, {
        type: "contacts",
        contacts: [{ name: { formatted_name: `${SIGN} Card` }, phones: [{ phone: "+7 999 123-45-67" }] }],
      });
      await world.say(nour, {
        type: "location",
        location: { latitude: 52.5, longitude: 13.4, name: `${SIGN} Square` },
      });
      await world.say(nour, { type: "document", document: { filename: `${SIGN}.pdf`, caption: "papers" } });
      const [phone] = await world.sql(`select id, name from "OrganizationPhone" where id = 1`);
      await world.sql(`update "OrganizationPhone" set name = $1 where id = 1`, [`${SIGN} Shop`]);
      const { id: labelId } = await world.api("anna", "POST", "/labels", {
        name: `${SIGN} label`,
        color: "red",
      });
      const address = await world.addressOf(nour);
      // The one who comes first is among the colleagues of the other.
      const tarek = await openAs("tarek", address);
      const selma = await openAs("selma", address);
      const { page } = selma;
      const expectIsolated = async (least: number) => {
        await expect.poll(() => countOf(page)).toBeGreaterThanOrEqual(least);
        expect(await page.evaluate(strayNames, SIGN)).toEqual([]);
      };
      const chat = address.replace("/inbox", "/chats");
      await composer(page).waitFor();
      // Tarek is here too, and begins to answer.
      await page.getByText(`Also here: ${SIGN} tarek`).waitFor();
      await typeUntil(tarek.page, thread(page).getByText(`${SIGN} tarek is replying…`));
      expect(await page.evaluate(strayNames, SIGN)).toEqual([]);

      await apiAs("selma", "PUT", `${chat}/labels/${labelId}`);
      await apiAs("selma", "PATCH", chat, { assigneeId: "me" });
      await page.getByText(`${SIGN} selma took this chat`).waitFor();
      await page.getByText(`${SIGN} selma added the label “${SIGN} label”`).waitFor();
      await send(tarek.page, "From Tarek");
      await bubbles(page, "From Tarek").getByText(`${SIGN} tarek`).waitFor();
      await apiAs("tarek", "POST", `${chat}/notes`, { body: "difficult" });
      await page.getByText(`Note by ${SIGN} tarek`).waitFor();
      await choose(page, "Hello", "Reply");
      await page.getByText(`Reply to ${SIGN} Nour`).waitFor();
      await page.getByLabel("Attach files").setInputFiles({
        name: `${SIGN}.txt`,
        mimeType: "text/plain",
        buffer: Buffer.from("text"),
      });
      await page.getByText(`${SIGN}.txt`).waitFor();
      await expectIsolated(12);
      await page.getByRole("button", { name: `Assigned to ${SIGN} selma` }).click();
      await page.getByRole("menuitem", { name: `Give to ${SIGN} tarek` }).waitFor();
      await expectIsolated(12);
      await page.keyboard.press("Escape");

      await page.goto("/settings");
      await page.getByText(`as ${SIGN} selma`).waitFor();
      await page.getByRole("button", { name: `Delete the label ${SIGN} label` }).click();
      await expectIsolated(2);
      await page.goto("/settings/numbers");
      await page.getByRole("heading", { name: `${SIGN} Shop` }).waitFor();
      await expectIsolated(1);
      await world.sql(`update "OrganizationPhone" set name = $1 where id = 1`, [phone.name]);
      await world.api("anna", "DELETE", `/labels/${labelId}`);
      for (const tab of [selma, tarek]) expectQuiet(tab, expect);
    });
  });
}
