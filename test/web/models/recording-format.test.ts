import { describe, it } from "vitest";
import { recordingFormat } from "../../../src/web/models/recording-format.ts";

describe("the format of a recording", () => {
  it.for([
    ["Firefox", ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"], "audio/ogg;codecs=opus", true],
    [
      "Chromium, whose MP4 holds Opus",
      ["audio/webm;codecs=opus", "audio/mp4"],
      "audio/webm;codecs=opus",
      true,
    ],
    [
      "a new Safari",
      ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2"],
      "audio/webm;codecs=opus",
      true,
    ],
    ["an older Safari", ["audio/mp4", "audio/mp4;codecs=mp4a.40.2"], "audio/mp4;codecs=mp4a.40.2", false],
  ] as const)(
    "makes a voice note where Opus can be had: %s",
    ([, supported, mimeType, isVoice], { expect }) => {
      const format = recordingFormat((type) => supported.some((known) => known === type));
      expect(format).toMatchObject({ mimeType, isVoice });
    },
  );

  it("is none where nothing fits WhatsApp", ({ expect }) => {
    expect(recordingFormat((type) => type === "audio/mp4")).toBeNull();
  });
});
