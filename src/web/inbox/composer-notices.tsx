import type { KeyboardEvent } from "react";
import type { Chat } from "../../domain/chat.ts";
import type { Message } from "../../domain/message.ts";
import { nameOfAuthor, nameOfContact } from "../models/format.ts";
import { bodyText } from "../models/preview-text.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { NamedList, NamedText } from "../parts/named-text.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

/** Up to here nobody counts. */
const COUNTER_FROM = 3_800;

type WindowOverProps = {
  onTemplate(): void;
  /** The focus goes to the messages, or back to the list, by the keys that do so in an empty composer. */
  onMessages(): void;
  onLeave(): void;
};

/** In place of the composer: the customer service window is over. */
export function WindowOver({ onTemplate, onMessages, onLeave }: WindowOverProps) {
  const { composer } = useStrings();
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Escape") onLeave();
    if (key === "ArrowUp") onMessages();
  };
  return (
    <div data-instead className={styles.locked} role="status">
      <Icon name="lock" size={20} />
      <div>
        <p className={styles.strong}>{composer.closedTitle}</p>
        <p className={styles.muted}>{composer.closedHint}</p>
      </div>
      <Button look="primary" icon="template" onClick={onTemplate} onKeyDown={onKeyDown}>
        {composer.template}
      </Button>
    </div>
  );
}

/** Above the composer: the customer has never written, so Meta decides about free text. */
export function NotWritten({ onTemplate }: { onTemplate(): void }) {
  const { composer } = useStrings();
  return (
    <div className={styles.unknown}>
      <p>{composer.unknownHint}</p>
      <Button icon="template" onClick={onTemplate}>
        {composer.template}
      </Button>
    </div>
  );
}

/** Who else is about to answer. */
export function Replying({ names }: { names: readonly string[] }) {
  const { inbox } = useStrings();
  return (
    <p className={styles.typing} aria-live="polite">
      {names.length > 0 && <NamedList names={names}>{inbox.typing}</NamedList>}
    </p>
  );
}

type ReplyPreviewProps = { message: Message; chat: Chat; onCancel(): void };

/** The message that the next one replies to. */
export function ReplyPreview({ message, chat, onCancel }: ReplyPreviewProps) {
  const { composer, inbox } = useStrings();
  const name = message.fromMe
    ? inbox.you.replace(":", "")
    : nameOfAuthor(message, nameOfContact(chat.contact));
  return (
    <div className={styles.reply}>
      <div className={styles.replyText}>
        <p className={styles.strong}>
          <NamedText names={[name]}>{composer.replyingTo}</NamedText>
        </p>
        <p className={styles.muted}>{bodyText(message, inbox)}</p>
      </div>
      <IconButton icon="close" label={composer.cancelReply} onClick={onCancel} />
    </div>
  );
}

/** How long a text is, where it comes near the limit or is over it. */
export function TextCounter({ length, limit }: { length: number; limit: number }) {
  const { composer } = useStrings();
  if (length <= Math.min(limit, COUNTER_FROM)) return null;
  return (
    <p className={`${styles.counter} ${length > limit ? styles.over : ""}`} role="status">
      {composer.tooLong(length, limit)}
    </p>
  );
}
