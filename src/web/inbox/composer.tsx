import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Chat } from "../../domain/chat.ts";
import type { Message } from "../../domain/message.ts";
import { ENTER_BREAKS, isOn } from "../models/preferences.ts";
import { unfilledPlace } from "../models/quick-replies.ts";
import { isSendKey } from "../models/send-key.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { IconButton } from "../parts/button.tsx";
import { isFieldFocused } from "../parts/holds-focus.ts";
import { useNow } from "../parts/hooks.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { AttachButton } from "./attach-button.tsx";
import { Attachments } from "./attachments.tsx";
import styles from "./composer.module.css";
import { NotWritten, Replying, ReplyPreview, TextCounter, WindowOver } from "./composer-notices.tsx";
import { ComposerProblem } from "./composer-problem.tsx";
import { DropArea } from "./drop-area.tsx";
import { EmojiButton } from "./emoji-button.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { NoteForm } from "./note-form.tsx";
import { QuickReplyList } from "./quick-reply-list.tsx";
import { useAttachments } from "./use-attachments.ts";
import { useDraft } from "./use-draft.ts";
import { useFocusAcrossLock } from "./use-focus-across-lock.ts";
import { useQuickReplyMenu } from "./use-quick-replies.ts";
import { useRecording, VoiceRecorder } from "./use-recording.ts";

/** WhatsApp's limits. */
const [TEXT_LIMIT, CAPTION_LIMIT] = [4096, 1024] as const;

type ComposerProps = {
  chat: Chat;
  /** The colleagues who are writing in this chat. */
  typing: string[];
  /** The last number of the chat that the page shows. */
  seenSeq: number;
  /** A text that was not sent after all, and is written on. */
  restored: string | null;
  onRestored(): void;
  replyTo: Message | null;
  onReplyDone(message: Message | null): void;
  onTyping(isTyping: boolean): void;
  onTemplate(): void;
  /** The focus goes to the messages, or back to the list. */
  onMessages(): void;
  onLeave(): void;
};

/** Where an agent writes. The draft of each chat is kept; while the service window is over it is locked and keeps the draft. */
export function Composer(props: ComposerProps) {
  const {
    chat,
    typing,
    seenSeq,
    restored,
    onRestored,
    replyTo,
    onReplyDone,
    onTyping,
    onTemplate,
    onMessages,
    onLeave,
  } = props;
  const strings = useStrings();
  const { store } = useServices();
  const { outbox, wantsComposer } = useInbox();
  const [text, change, writeBefore] = useDraft(chat.id, onTyping);
  const box = useRef<HTMLTextAreaElement>(null);
  const [attachBox] = useState(() => (made: HTMLTextAreaElement | null) => {
    box.current = made;
    // A new one has its caret before the draft. Without a draft it is left alone: some browsers focus where they set the caret.
    if (made?.value) made.setSelectionRange(made.value.length, made.value.length);
  });
  const toBox = () => box.current?.focus();
  const attachments = useAttachments(chat, toBox);
  const noteButton = useRef<HTMLButtonElement>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [isNoting, setNoting] = useState(false);
  const id = useId();
  const window = serviceWindowAt(chat.windowExpiresAt, useNow(1_000));
  const isLocked = window.kind === "closed";
  const recording = useRecording(chat.id, isLocked);
  const { isRecording, format: voiceFormat } = recording;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the box is there again once no note is written.
  useEffect(() => {
    // Whoever writes elsewhere by now goes on there.
    if (wantsComposer.current && !isRecording && !isFieldFocused())
      (box.current ?? noteButton.current)?.focus();
    wantsComposer.current = false;
  }, [wantsComposer, isRecording, isNoting]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each text is restored once.
  useEffect(() => {
    if (restored === null) return;
    writeBefore(restored);
    onRestored();
  }, [restored]);
  useFocusAcrossLock(box, isLocked);
  useShortcut("templates", onTemplate);

  const cancelReply = () => {
    onReplyDone(replyTo);
    toBox();
  };

  const limit = attachments.files.length > 0 ? CAPTION_LIMIT : TEXT_LIMIT;
  const isTooLong = text.length > limit;
  const canSend = !isLocked && !isTooLong && (text.trim() !== "" || attachments.files.length > 0);

  const insert = (piece: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = box.current ?? {};
    const caret = selectionStart + piece.length;
    // At once: the next key, which may come before the next frame, is to stand behind the piece.
    flushSync(() => change(text.slice(0, selectionStart) + piece + text.slice(selectionEnd)));
    toBox();
    box.current?.setSelectionRange(caret, caret);
  };

  const replace = (all: string) => {
    change(all);
    toBox();
  };
  const quick = useQuickReplyMenu(text, chat.contact, { replace, insert });
  const openQuickReplies = () => {
    quick.open();
    toBox();
  };
  useShortcut("quickReplies", openQuickReplies);

  const reply = { seenSeq, ...(replyTo && { replyTo: replyTo.id }) };
  const send = async () => {
    if (!canSend || attachments.upload !== null) return;
    const place = unfilledPlace(text);
    // What a quick reply left open is seldom meant to be sent.
    if (place !== null && asked !== text) return setAsked(text);
    const { organizationPhoneId } = chat;
    const message = text.trim();
    // The next message can be written while files go out.
    change("");
    toBox();
    if (attachments.files.length === 0)
      outbox.send(chat.id, { organizationPhoneId, type: "text", message, ...reply }, message);
    else if (!(await attachments.send(message, reply))) return writeBefore(message);
    // Another one may be replied to by now.
    onReplyDone(replyTo);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (quick.onKeyDown(event)) return;
    if (event.key === "Escape") return replyTo ? onReplyDone(replyTo) : onLeave();
    if (event.key === "ArrowUp" && text === "") return onMessages();
    if (!isSendKey(event.nativeEvent, isOn(store, ENTER_BREAKS))) return;
    event.preventDefault();
    void send();
  };
  const onPaste = ({ clipboardData }: ClipboardEvent) => attachments.add([...clipboardData.files]);

  const onNoted = (hadFocus: boolean) => {
    wantsComposer.current = hadFocus;
    setNoting(false);
  };
  const onRecorded = (isSent: boolean, hadFocus: boolean) => {
    wantsComposer.current = hadFocus;
    recording.end();
    if (isSent) onReplyDone(replyTo);
  };

  return (
    <DropArea onFiles={attachments.add}>
      <div className={styles.top}>
        <Replying names={typing} />
        {!isNoting && !isRecording && (
          <button
            ref={noteButton}
            type="button"
            className={styles.noteButton}
            onClick={() => setNoting(true)}
          >
            <Icon name="lock" size={13} />
            {strings.note.add}
          </button>
        )}
      </div>
      {isNoting && <NoteForm chatId={chat.id} onDone={onNoted} />}
      {isNoting ? null : isLocked ? (
        <WindowOver {...{ onTemplate, onMessages, onLeave }} />
      ) : (
        <>
          {window.kind === "unknown" && <NotWritten onTemplate={onTemplate} />}
          {replyTo && <ReplyPreview message={replyTo} chat={chat} onCancel={cancelReply} />}
          {quick.shown && (
            <QuickReplyList
              id={quick.id}
              replies={quick.shown}
              active={quick.active}
              onChoose={quick.choose}
            />
          )}
          {asked === text && (
            <Notice tone="warning" role="alert">
              {strings.quickReplies.fillIn(unfilledPlace(text) ?? "")}
            </Notice>
          )}
          <Attachments attachments={attachments} />
          <ComposerProblem problem={recording.hasFailed ? strings.app.failedHint : null} />
          {isRecording && voiceFormat ? (
            <VoiceRecorder chat={chat} format={voiceFormat} more={reply} onDone={onRecorded} />
          ) : (
            <div className={styles.bar}>
              <AttachButton onFiles={attachments.add} />
              <textarea
                ref={attachBox}
                id={id}
                className={styles.text}
                aria-label={strings.composer.label}
                aria-invalid={isTooLong}
                placeholder={strings.composer.placeholder}
                rows={Math.min(8, text.split("\n").length)}
                dir="auto"
                value={text}
                onChange={({ target }) => change(target.value)}
                {...(quick.shown && {
                  "aria-controls": quick.id,
                  "aria-autocomplete": "list" as const,
                  "aria-activedescendant": `${quick.id}${quick.shown[quick.active]?.id}`,
                })}
                onKeyDown={onKeyDown}
                onPaste={onPaste}
              />
              <IconButton
                className={styles.quick}
                icon="quick"
                label={strings.quickReplies.title}
                onClick={openQuickReplies}
              />
              <EmojiButton onChoose={insert} />
              <IconButton icon="template" label={strings.composer.template} onClick={onTemplate} />
              {voiceFormat && text === "" && attachments.files.length === 0 ? (
                <IconButton icon="microphone" label={strings.voice.record} onClick={recording.start} />
              ) : (
                <IconButton
                  icon="send"
                  label={strings.composer.send}
                  className={styles.send ?? ""}
                  disabled={!canSend || attachments.upload !== null}
                  onClick={() => void send()}
                />
              )}
            </div>
          )}
          <TextCounter length={text.length} limit={limit} />
        </>
      )}
    </DropArea>
  );
}
