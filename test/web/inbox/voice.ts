import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import {
  ARRIVED,
  composer,
  hasFocus,
  holdRequests,
  type InboxWorld,
  type Json,
  nextFrame,
  openChat,
  row,
  thread,
} from "./world.ts";

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

/** The browser's question for the microphone is answered when `answerMicrophone` is called. */
function holdMicrophone(): void {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const answered = Promise.withResolvers<void>();
  mediaDevices.getUserMedia = async (constraints) => {
    await answered.promise;
    return await ask(constraints);
  };
  Object.assign(globalThis, { answerMicrophone: answered.resolve });
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

      await page.evaluate(holdMicrophone);
      await record.click();
      await page.getByText("Waiting for the microphone").waitFor();
      // Whoever writes elsewhere by then goes on there.
      const search = page.getByRole("searchbox");
      await search.click();
      await page.evaluate("answerMicrophone()");
      const timer = page.getByRole("timer");
      await timer.getByText(RUNNING).waitFor();
      expect(await hasFocus(search)).toBe(true);
      await expectAccessible(tab, expect);
      await page.getByRole("button", { name: "Stop and listen" }).click();
      const player = page.getByRole("group", { name: "Voice message" }).locator("audio");
      await player.waitFor();
      await page.keyboard.press("Escape");
      await player.waitFor({ state: "detached" });
      await expect.poll(() => hasFocus(composer(page))).toBe(true);

      await record.click();
      await timer.getByText(RUNNING).waitFor();
      // Another chat does not cost the recording.
      await openChat(page, other);
      expect(await player.count()).toBe(0);
      // Enter moves on, and a second one is not to send what waits; a click is meant to answer.
      await row(page, opa).press("Enter");
      await player.waitFor();
      await nextFrame(page);
      expect(await hasFocus(row(page, opa))).toBe(true);
      await openChat(page, other);
      await row(page, opa).click();
      await expect
        .poll(() => player.evaluate((audio) => (audio as HTMLAudioElement).duration))
        .toBeGreaterThan(0.5);
      await expectAccessible(tab, expect);
      const slow = await holdRequests(page, "**/media?*");
      await page.keyboard.press("Enter");
      await slow.asked;
      await search.click();
      await slow.release();
      await thread(page).getByRole("img", { name: ARRIVED }).waitFor();
      await composer(page).waitFor();
      expect(await hasFocus(search)).toBe(true);
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
