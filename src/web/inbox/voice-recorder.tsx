import { useEffect, useRef, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { formatDuration } from "../models/format.ts";
import type { RecordingFormat } from "../models/recording-format.ts";
import { refusalText } from "../models/refusal.ts";
import { uploadFile } from "../models/upload.ts";
import { type Recording, startRecording, type VoiceNote } from "../models/voice-recording.ts";
import { IconButton } from "../parts/button.tsx";
import { holdsFocus, isFieldFocused } from "../parts/holds-focus.ts";
import { useNow } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage, useStrings } from "../parts/strings-context.tsx";
import { type Language, stringsOf } from "../strings/strings.ts";
import { ComposerProblem } from "./composer-problem.tsx";
import { useInbox } from "./inbox-context.tsx";
import { MediaPlayer } from "./media-player.tsx";
import styles from "./voice-recorder.module.css";

/** A recording that nobody ends is kept until here, and waits to be heard. */
const LONGEST_MS = 15 * 60_000;

type VoiceRecorderProps = {
  chat: Chat;
  format: RecordingFormat;
  /** What goes with the message besides: the number that the agent has seen, and what it replies to. */
  more: object;
  /** `hadFocus`: the recorder had it until then. */
  onDone(isSent: boolean, hadFocus: boolean): void;
};

/** In place of the text: records at once, shows for how long, and sends what was recorded, heard before or not. */
export default function VoiceRecorder({ chat, format, more, onDone }: VoiceRecorderProps) {
  const { api } = useServices();
  const { outbox, voiceDrafts, wantsComposer } = useInbox();
  const { language, strings } = useLanguage();
  const { app, voice } = strings;
  const recording = useRef<Recording | null>(null);
  const [hasStarted, setStarted] = useState(false);
  const [note, setNote] = useState<VoiceNote | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const upload = useRef<AbortController | null>(null);
  const group = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLButtonElement>(null);
  /** A chat that is opened to be answered has it where a note waits. */
  const wantsFocus = useRef(wantsComposer.current);
  const url = useAddressOf(note);
  /** What was recorded, until it is on its way. */
  const draft = useRef<Promise<VoiceNote> | null>(null);
  const hasLeft = useRef(false);

  useEffect(() => {
    let isLeft = false;
    hasLeft.current = false;
    const fail = (error: unknown) => !isLeft && setProblem(problemOf(error, language));
    const kept = voiceDrafts.take(chat.id);
    if (kept !== null) {
      draft.current = kept;
      kept.then((one) => !isLeft && setNote(one), fail);
    } else {
      startRecording(format).then((one) => {
        if (isLeft) return one.cancel();
        recording.current = one;
        setStarted(true);
      }, fail);
    }
    return () => {
      isLeft = true;
      hasLeft.current = true;
      // Whoever goes to another chat finds it here again.
      const unsent = draft.current ?? recording.current?.stop();
      if (unsent) voiceDrafts.keep(chat.id, unsent);
      recording.current = null;
      draft.current = null;
    };
  }, [format, language, voiceDrafts, chat.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button that had the focus is gone with each of them.
  useEffect(() => {
    if (!main.current) return;
    if (holdsFocus(group.current) || (wantsFocus.current && !isFieldFocused())) main.current.focus();
    wantsFocus.current = false;
  }, [hasStarted, note]);

  const work = async (what: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (!upload.current?.signal.aborted) setProblem(problemOf(error, language));
    } finally {
      setBusy(false);
    }
  };
  const recorded = async (): Promise<VoiceNote | null> => {
    draft.current ??= recording.current?.stop() ?? null;
    const made = await draft.current;
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
      forget();
      try {
        const options = { organizationPhoneId, signal, onProgress: () => {} };
        const { id: mediaId } = await uploadFile(api, made.file, options);
        const audio = { mediaId, ...(made.isVoice && { voice: true }) };
        outbox.send(chat.id, { organizationPhoneId, type: "audio", audio, ...more }, voice.note);
      } catch (error) {
        draft.current = Promise.resolve(made);
        if (hasLeft.current && !signal.aborted) voiceDrafts.keep(chat.id, draft.current);
        throw error;
      }
      // In another chat it would move the focus there.
      if (!hasLeft.current) done(true);
    });
  const done = (isSent: boolean) => onDone(isSent, holdsFocus(group.current));
  const forget = () => {
    recording.current?.cancel();
    recording.current = null;
    draft.current = null;
  };
  const discard = () => {
    upload.current?.abort();
    forget();
    done(false);
  };
  const isRecording = hasStarted && note === null;
  const canSend = hasStarted || note !== null;

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form.
    <div
      ref={group}
      role="group"
      aria-label={voice.note}
      onKeyDown={({ key }) => key === "Escape" && discard()}
    >
      <ComposerProblem problem={problem} />
      <div className={styles.bar}>
        <IconButton
          icon={canSend ? "trash" : "close"}
          label={canSend ? voice.discard : app.cancel}
          onClick={discard}
        />
        <div className={styles.middle}>
          {isRecording && <Elapsed onLongest={() => void listen()} />}
          {!canSend && problem === null && <p role="status">{voice.starting}</p>}
          {url !== undefined && (
            <MediaPlayer kind="audio" url={url} label={voice.note} onError={() => setProblem(voice.failed)} />
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
        {canSend && (
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

function problemOf(error: unknown, language: Language): string {
  const { voice } = stringsOf(language);
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return voice.notAllowed;
  if (name === "NotFoundError") return voice.noMicrophone;
  if (name === "NetworkError" || name === "ApiError")
    return `${voice.notUploaded} ${refusalText(error, language)}`;
  return voice.failed;
}
