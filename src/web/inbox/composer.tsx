import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import type { Chat } from "../../domain/chat.ts";
import type { Message } from "../../domain/message.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { IconButton } from "../parts/button.tsx";
import { useNow } from "../parts/hooks.ts";
import { Icon } from "../parts/icon.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { Attachments } from "./attachments.tsx";
import styles from "./composer.module.css";
import { NotWritten, ReplyPreview, WindowOver } from "./composer-notices.tsx";
import { EmojiButton } from "./emoji-button.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { useAttachments } from "./use-attachments.ts";
import { useFocusAcrossLock } from "./use-focus-across-lock.ts";

/** WhatsApp's limit for a text. */
const TEXT_LIMIT = 4096;
const COUNTER_FROM = 3_800;
const CAPTION_LIMIT = 1024;
const TYPING_EVERY_MS = 3_000;

type ComposerProps = {
  chat: Chat;
  /** The colleagues who are writing in this chat. */
  typing: string[];
  replyTo: Message | null;
  onReplyDone(): void;
  onTyping(): void;
  onTemplate(): void;
  /** The focus goes to the messages, or back to the list. */
  onMessages(): void;
  onLeave(): void;
};

/** Where an agent writes. The draft of each chat is kept; while the service window is over it is locked and keeps the draft. */
export function Composer(props: ComposerProps) {
  const { chat, typing, replyTo, onReplyDone, onTyping, onTemplate, onMessages, onLeave } = props;
  const strings = useStrings();
  const { outbox, owner, wantsComposer } = useInbox();
  const { store } = useServices();
  const draftKey = `draft.${owner}.${chat.id}`;
  const [text, setText] = useState(() => store.get(draftKey) ?? "");
  const attachments = useAttachments(chat);
  const box = useRef<HTMLTextAreaElement>(null);
  const lastTyping = useRef(0);
  const [isDragging, setDragging] = useState(false);
  const id = useId();
  const window = serviceWindowAt(chat.windowExpiresAt, useNow(1_000));
  const isLocked = window.kind === "closed";

  useEffect(() => {
    if (replyTo) box.current?.focus();
  }, [replyTo]);
  useEffect(() => {
    if (wantsComposer.current) box.current?.focus();
    wantsComposer.current = false;
  }, [wantsComposer]);
  useFocusAcrossLock(box, isLocked);
  useShortcut("composer", () => box.current?.focus());
  useShortcut("templates", onTemplate);

  const limit = attachments.files.length > 0 ? CAPTION_LIMIT : TEXT_LIMIT;
  const isTooLong = text.length > limit;
  const canSend = !isLocked && !isTooLong && (text.trim() !== "" || attachments.files.length > 0);

  const change = (next: string) => {
    setText(next);
    if (next === "") store.remove(draftKey);
    else store.set(draftKey, next);
    if (next === "" || Date.now() - lastTyping.current < TYPING_EVERY_MS) return;
    lastTyping.current = Date.now();
    onTyping();
  };

  const insert = (piece: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = box.current ?? {};
    change(text.slice(0, selectionStart) + piece + text.slice(selectionEnd));
    const caret = selectionStart + piece.length;
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(caret, caret);
    });
  };

  const send = async () => {
    if (!canSend) return;
    const reply = replyTo ? { replyTo: replyTo.id } : {};
    const { organizationPhoneId } = chat;
    if (attachments.files.length > 0) {
      if (!(await attachments.send(text.trim(), reply))) return;
    } else {
      const message = text.trim();
      outbox.send(chat.id, { organizationPhoneId, type: "text", message, ...reply }, message);
    }
    change("");
    onReplyDone();
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return replyTo ? onReplyDone() : onLeave();
    if (event.key === "ArrowUp" && text === "") return onMessages();
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const onPaste = ({ clipboardData }: ClipboardEvent) => attachments.add([...clipboardData.files]);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    attachments.add([...event.dataTransfer.files]);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the button beside the text does the same.
    <div
      className={`${styles.composer} ${isDragging ? styles.dragging : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={onDrop}
    >
      <p className={styles.typing} aria-live="polite">
        {typing.length > 0 && strings.inbox.typing(typing.join(", "))}
      </p>
      {isLocked ? (
        <WindowOver onTemplate={onTemplate} />
      ) : (
        <>
          {window.kind === "unknown" && <NotWritten onTemplate={onTemplate} />}
          {replyTo && <ReplyPreview message={replyTo} chat={chat} onCancel={onReplyDone} />}
          <Attachments attachments={attachments} />
          <div className={styles.bar}>
            <label className={styles.attach} title={strings.composer.attach}>
              <Icon name="attach" />
              <input
                type="file"
                multiple
                aria-label={strings.composer.attach}
                onChange={({ target }) => {
                  attachments.add([...(target.files ?? [])]);
                  target.value = "";
                }}
              />
            </label>
            <textarea
              ref={box}
              id={id}
              className={styles.text}
              aria-label={strings.composer.label}
              aria-invalid={isTooLong}
              placeholder={strings.composer.placeholder}
              rows={Math.min(8, text.split("\n").length)}
              dir="auto"
              value={text}
              onChange={({ target }) => change(target.value)}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
            <EmojiButton onChoose={insert} />
            <IconButton icon="template" label={strings.composer.template} onClick={onTemplate} />
            <IconButton
              icon="send"
              label={strings.composer.send}
              className={styles.send ?? ""}
              disabled={!canSend || attachments.isBusy}
              onClick={() => void send()}
            />
          </div>
          {(isTooLong || text.length > COUNTER_FROM) && (
            <p className={`${styles.counter} ${isTooLong ? styles.over : ""}`} role="status">
              {strings.composer.tooLong(text.length, limit)}
            </p>
          )}
        </>
      )}
      {isDragging && <p className={styles.drop}>{strings.composer.dropHere}</p>}
    </div>
  );
}
