import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { ARRIVED, composer, type InboxWorld, type Json, openChat, row, thread } from "./world.ts";

const RUNNING = /^0:(?!00)\d\d$/;

/** A browser that records AAC alone; what Chromium puts into its MP4 is Opus, which the page cannot know. */
function recordsMp4Only(): void {
  class Mp4Recorder extends MediaRecorder {
    static override isTypeSupported(type: string) {
      return type === "audio/mp4;codecs=mp4a.40.2";
    }

    constructor(stream: MediaStream, options: MediaRecorderOptions) {
      super(stream, { ...options, mimeType: "audio/mp4" });
    }
  }
  Object.assign(globalThis, { MediaRecorder: Mp4Recorder });
}

export function voiceTests(world: InboxWorld): void {
  const bytesOf = async (page: Page): Promise<Buffer> => {
    const source = await thread(page).locator("audio[src]").last().getAttribute("src");
    return Buffer.from(await (await fetch(source ?? "")).arrayBuffer());
  };
  const audioTo = async (customer: { phone: string }) =>
    (await world.sentTo(customer)).map(({ type, audio }) => ({ type, voice: (audio as Json).voice }));

  describe("a voice note", () => {
    it("is recorded, discarded, heard and sent as Ogg with Opus (UI-16)", async ({ expect }) => {
      const opa = await world.customer("Opa Ogg");
      const other = await world.customer("Otto Anderer");
      await world.say(opa, "Call me, I cannot read");
      await world.say(other, "Me too");
      const tab = await world.openWithMicrophone();
      const { page } = tab;
      const chunks: string[] = [];
      page.on("request", (request) => request.url().includes("ogg-opus") && chunks.push(request.url()));
      await openChat(page, opa);
      const record = page.getByRole("button", { name: "Record a voice message" });

      await record.click();
      await page.getByRole("alert").getByText("The microphone is blocked").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.context().grantPermissions(["microphone"]);

      await record.click();
      const timer = page.getByRole("timer");
      await timer.getByText(RUNNING).waitFor();
      await expectAccessible(tab, expect);
      await page.getByRole("button", { name: "Stop and listen" }).click();
      const heard = page.getByRole("group", { name: "Voice message" }).locator("audio");
      await heard.waitFor();
      await page.keyboard.press("Escape");
      await heard.waitFor({ state: "detached" });
      await expect.poll(() => composer(page).evaluate((box) => box === document.activeElement)).toBe(true);

      await record.click();
      await timer.getByText(RUNNING).waitFor();
      // Another chat does not cost the recording.
      await openChat(page, other);
      expect(await heard.count()).toBe(0);
      await row(page, opa).click();
      await expect
        .poll(() => heard.evaluate((audio) => (audio as HTMLAudioElement).duration))
        .toBeGreaterThan(0.5);
      await expectAccessible(tab, expect);
      await page.keyboard.press("Enter");
      await thread(page).getByRole("img", { name: ARRIVED }).waitFor();
      expect(await audioTo(opa)).toEqual([{ type: "audio", voice: true }]);
      const bytes = await bytesOf(page);
      expect(bytes.subarray(0, 4).toString()).toBe("OggS");
      const head = bytes.indexOf("OpusHead");
      // RFC 7845 §5.1: channels, pre-skip, and the rate before encoding.
      expect(head).toBeGreaterThan(0);
      expect([bytes[head + 9], bytes.readUInt16LE(head + 10), bytes.readUInt32LE(head + 12)]).toEqual([
        1,
        expect.anything(),
        48_000,
      ]);
      expect(chunks).toHaveLength(1);
      expectQuiet(tab, expect);
    });

    it("is an ordinary audio file from a browser that records AAC (UI-16)", async ({ expect }) => {
      const oma = await world.customer("Oma Safari");
      await world.say(oma, "Say it, please");
      const tab = await world.openWithMicrophone();
      const { page } = tab;
      await page.context().grantPermissions(["microphone"]);
      await page.addInitScript(recordsMp4Only);
      await page.reload();
      await openChat(page, oma);
      await page.getByRole("button", { name: "Record a voice message" }).click();
      await page.getByRole("timer").getByText(RUNNING).waitFor();
      await page.getByRole("button", { name: "Send the voice message" }).click();
      await thread(page).getByRole("img", { name: ARRIVED }).waitFor();
      expect(await audioTo(oma)).toEqual([{ type: "audio", voice: undefined }]);
      expect((await bytesOf(page)).subarray(4, 8).toString()).toBe("ftyp");
      expectQuiet(tab, expect);
    });
  });
}
