import type { RecordingFormat } from "./recording-format.ts";

/** Speech needs no more; at this rate WhatsApp's phones play two minutes without a download: above 512 KB they ask first. */
const BITS_PER_SECOND = 32_000;

/** What was recorded, as it is uploaded and heard. */
export type VoiceNote = { file: File; isVoice: boolean };

export type Recording = {
  /** Ends the recording, and gives what was recorded. Throws when that is nothing. */
  stop(): Promise<VoiceNote>;
  /** Ends it without a result. After `stop` it does nothing. */
  cancel(): void;
};

/**
 * Records one channel from the microphone. Loads what the format needs first, so that nothing recorded is lost for the lack of it.
 * Throws `NotAllowedError` when the agent or the browser refuses the microphone, `NotFoundError` when there is none.
 */
export async function startRecording({ mimeType, isVoice, isOgg }: RecordingFormat): Promise<Recording> {
  const repackaged = isVoice && !isOgg ? (await import("./ogg-opus.ts")).toOggOpus : null;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  const end = () => {
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    async stop() {
      end();
      await stopped;
      const recorded = new Blob(parts, { type: mimeType.split(";", 1)[0] ?? "" });
      if (recorded.size === 0) throw new Error("The recording is empty.");
      const file = repackaged ? await repackaged(recorded) : recorded;
      return { file: new File([file], isVoice ? "voice.ogg" : "voice.m4a", { type: file.type }), isVoice };
    },
    cancel: end,
  };
}
