import { lazy, startTransition, useEffect, useState } from "react";
import { type RecordingFormat, recordingFormat } from "../models/recording-format.ts";
import { useInbox } from "./inbox-context.tsx";

const loadRecorder = () => import("./voice-recorder.tsx");

export const VoiceRecorder = lazy(loadRecorder);

/**
 * Whether a voice note is recorded or waits to be heard; `format` is null where the browser can record none. `hasFailed`: the recorder's
 * script did not load; the bar of the composer stays then, as it does until that is loaded.
 */
export function useRecording(chatId: number, isLocked: boolean) {
  const { voiceDrafts } = useInbox();
  const [isRecording, setRecording] = useState(() => voiceDrafts.has(chatId));
  const [hasFailed, setFailed] = useState(false);
  const [format] = useState(browserFormat);
  useEffect(() => {
    // Nothing is recorded automatically once the customer has written; what was recorded before is there again.
    setRecording((isOn) => !isLocked && (isOn || voiceDrafts.has(chatId)));
  }, [isLocked, voiceDrafts, chatId]);
  const start = async () => {
    setFailed(false);
    try {
      await loadRecorder();
    } catch {
      return setFailed(true);
    }
    startTransition(() => setRecording(true));
  };
  return { isRecording, hasFailed, format, start, end: () => setRecording(false) };
}

/** How this browser records a voice note; null when it cannot, or a page that is not served securely may not. */
function browserFormat(): RecordingFormat | null {
  const canRecord = typeof MediaRecorder !== "undefined" && navigator.mediaDevices !== undefined;
  return canRecord ? recordingFormat((type) => MediaRecorder.isTypeSupported(type)) : null;
}
