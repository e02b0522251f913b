import { describe, it } from "vitest";
import { expectQuiet } from "../page-system.ts";
import { composer, type InboxWorld, openChat } from "./world.ts";

export function togetherTests(world: InboxWorld): void {
  describe("working together", () => {
    it("shows who else is here and who is writing (UI-17)", async ({ expect }) => {
      const tom = await world.customer("Tom Zusammen");
      await world.say(tom, "Who answers?");
      const anna = await world.open();
      const oleg = await world.open("oleg");
      await openChat(anna.page, tom);
      await openChat(oleg.page, tom);
      await anna.page.getByText("Also here: oleg").waitFor();
      await composer(oleg.page).focus();
      await oleg.page.keyboard.type("I am on it");
      await anna.page.getByText("oleg is replying…").waitFor();
      await oleg.page.context().close();
      await anna.page.getByText("Also here: oleg").waitFor({ state: "detached", timeout: 12_000 });
      await anna.page.getByText("oleg is replying…").waitFor({ state: "detached" });
      expectQuiet(anna, expect);
    });
  });
}
