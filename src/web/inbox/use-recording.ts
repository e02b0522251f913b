import { lazy, startTransition, useEffect, useState } from "react";
import { type RecordingFormat, recordingFormat } from "../models/recording-format.ts";
import { useInbox } from "./inbox-context.tsx";

export const VoiceRecorder = lazy(() => import("./voice-recorder.tsx"));

/** Whether a voice note is recorded or waits to be heard; `format` is null where the browser can record none. */
export function useRecording(chatId: number, isLocked: boolean) {
  const { voiceDrafts } = useInbox();
  const [isRecording, setRecording] = useState(() => voiceDrafts.has(chatId));
  const [format] = useState(browserFormat);
  useEffect(() => {
    // Nothing is recorded by itself once the customer has written; what was recorded before is there again.
    setRecording((isOn) => !isLocked && (isOn || voiceDrafts.has(chatId)));
  }, [isLocked, voiceDrafts, chatId]);
  return {
    isRecording,
    format,
    // The bar of the composer stays until what replaces it is loaded.
    start: () => startTransition(() => setRecording(true)),
    end: () => setRecording(false),
  };
}

/** How this browser records a voice note; null when it cannot, or a page that is not served securely may not. */
function browserFormat(): RecordingFormat | null {
  const canRecord = typeof MediaRecorder !== "undefined" && navigator.mediaDevices !== undefined;
  return canRecord ? recordingFormat((type) => MediaRecorder.isTypeSupported(type)) : null;
}
