import { useEffect, useRef, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { formatDuration } from "../models/format.ts";
import type { RecordingFormat } from "../models/recording-format.ts";
import { uploadFile } from "../models/upload.ts";
import { type Recording, startRecording, type VoiceNote } from "../models/voice-recording.ts";
import { IconButton } from "../parts/button.tsx";
import { useNow } from "../parts/hooks.ts";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import type { Strings } from "../strings/strings.ts";
import { AudioPlayer } from "./audio-player.tsx";
import { useInbox } from "./inbox-context.tsx";
import styles from "./voice-recorder.module.css";

/** A recording that nobody ends is kept until here, and waits to be heard. */
const LONGEST_MS = 15 * 60_000;

type VoiceRecorderProps = {
  chat: Chat;
  format: RecordingFormat;
  /** What goes with the message besides: the number that the agent has seen, and what it replies to. */
  more: object;
  onDone(isSent: boolean): void;
};

/** In place of the text: records at once, shows for how long, and sends what was recorded, heard before or not. */
export function VoiceRecorder({ chat, format, more, onDone }: VoiceRecorderProps) {
  const { api } = useServices();
  const { outbox } = useInbox();
  const { app, voice } = useStrings();
  const [recording, setRecording] = useState<Recording | null>(null);
  const [note, setNote] = useState<VoiceNote | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const upload = useRef<AbortController | null>(null);
  const main = useRef<HTMLButtonElement>(null);
  const url = useAddressOf(note);

  useEffect(() => {
    let isLeft = false;
    let started: Recording | null = null;
    startRecording(format).then(
      (one) => {
        started = one;
        if (isLeft) one.cancel();
        else setRecording(one);
      },
      (error: unknown) => !isLeft && setProblem(problemOf(error, voice)),
    );
    return () => {
      isLeft = true;
      started?.cancel();
    };
  }, [format, voice]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button that had the focus is gone with each of them.
  useEffect(() => main.current?.focus(), [recording, note]);

  const work = async (what: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!upload.current?.signal.aborted) setProblem(problemOf(error, voice));
    } finally {
      setBusy(false);
    }
  };
  const recorded = async (): Promise<VoiceNote | null> => {
    const made = note ?? (await recording?.stop()) ?? null;
    setNote(made);
    return made;
  };
  const listen = () =>
    work(async () => {
      await recorded();
    });
  const send = () =>
    work(async () => {
      const made = await recorded();
      if (!made) return;
      const { organizationPhoneId } = chat;
      upload.current = new AbortController();
      const { signal } = upload.current;
      const uploaded = await uploadFile(api, made.file, {
        organizationPhoneId,
        signal,
        onProgress: () => {},
      });
      const audio = { mediaId: uploaded.id, ...(made.isVoice && { voice: true }) };
      outbox.send(chat.id, { organizationPhoneId, type: "audio", audio, ...more }, voice.note);
      onDone(true);
    });
  const discard = () => {
    upload.current?.abort();
    onDone(false);
  };
  const isRecording = recording !== null && note === null;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form.
    <div role="group" aria-label={voice.note} onKeyDown={({ key }) => key === "Escape" && discard()}>
      {problem && (
        <div className={styles.problem}>
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        </div>
      )}
      <div className={styles.bar}>
        <IconButton
          icon={recording ? "trash" : "close"}
          label={recording ? voice.discard : app.cancel}
          onClick={discard}
        />
        <div className={styles.middle}>
          {isRecording && <Elapsed onLongest={() => void listen()} />}
          {recording === null && problem === null && <p role="status">{voice.starting}</p>}
          {url !== undefined && (
            <AudioPlayer url={url} label={voice.note} onError={() => setProblem(voice.failed)} />
          )}
        </div>
        {isRecording && (
          <IconButton
            ref={main}
            icon="stop"
            label={voice.listen}
            disabled={isBusy}
            onClick={() => void listen()}
          />
        )}
        {recording && (
          <IconButton
            {...(note && { ref: main })}
            icon="send"
            label={voice.send}
            className={styles.send}
            disabled={isBusy}
            onClick={() => void send()}
          />
        )}
      </div>
    </div>
  );
}

/** For how long it has been recording. */
function Elapsed({ onLongest }: { onLongest(): void }) {
  const { voice } = useStrings();
  const [startedAt] = useState(Date.now);
  const elapsedMs = Math.max(0, useNow(250) - startedAt);
  const isLongest = elapsedMs >= LONGEST_MS;
  const latest = useRef(onLongest);
  latest.current = onLongest;
  useEffect(() => {
    if (isLongest) latest.current();
  }, [isLongest]);
  return (
    <>
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.time} role="timer">
        {formatDuration(elapsedMs)}
      </span>
      <span className={styles.about} role="status">
        {voice.recording}
      </span>
    </>
  );
}

function useAddressOf(note: VoiceNote | null): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!note) return;
    const made = URL.createObjectURL(note.file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [note]);
  return url;
}

function problemOf(error: unknown, voice: Strings["voice"]): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return voice.notAllowed;
  if (name === "NotFoundError") return voice.noMicrophone;
  if (name === "NetworkError" || name === "ApiError")
    return `${voice.notUploaded} ${(error as Error).message}`;
  return voice.failed;
}
