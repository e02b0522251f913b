import type { Chat } from "../../domain/chat.ts";
import type { Message } from "../../domain/message.ts";
import { nameOfContact } from "../models/format.ts";
import { bodyText } from "../models/preview-text.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

/** In place of the composer: the customer service window is over. */
export function WindowOver({ onTemplate }: { onTemplate(): void }) {
  const { composer } = useStrings();
  return (
    <div className={styles.locked} role="status">
      <Icon name="lock" size={20} />
      <div>
        <p className={styles.strong}>{composer.closedTitle}</p>
        <p className={styles.muted}>{composer.closedHint}</p>
      </div>
      <Button look="primary" icon="template" onClick={onTemplate}>
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

type ReplyPreviewProps = { message: Message; chat: Chat; onCancel(): void };

/** The message that the next one replies to. */
export function ReplyPreview({ message, chat, onCancel }: ReplyPreviewProps) {
  const { composer, inbox } = useStrings();
  const name = message.fromMe ? inbox.you.replace(":", "") : nameOfContact(chat.contact);
  return (
    <div className={styles.reply}>
      <div className={styles.replyText}>
        <p className={styles.strong}>{composer.replyingTo(name)}</p>
        <p className={styles.muted}>{bodyText(message, inbox)}</p>
      </div>
      <IconButton icon="close" label={composer.cancelReply} onClick={onCancel} />
    </div>
  );
}
