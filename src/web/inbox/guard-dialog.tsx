import { useRef } from "react";
import type { Outgoing, Unsent } from "../models/outbox.ts";
import { Button } from "../parts/button.tsx";
import { Modal, ModalBody } from "../parts/modal.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./guard-dialog.module.css";
import { useInbox } from "./inbox-context.tsx";
import { RichText } from "./rich-text.tsx";

type GuardDialogProps = {
  unsent: Unsent;
  /** With the text to write on, and the message that it replies to. */
  onEdit(text: string, replyTo: number | null): void;
  /** Where that text is written on. */
  writing(): HTMLElement | null;
};

/** A colleague has answered what this agent was answering too: their message, and whether to send this one all the same. */
export default function GuardDialog({ unsent, onEdit, writing }: GuardDialogProps) {
  const { guard, inbox } = useStrings();
  const { outbox } = useInbox();
  const { key, shown, content, problem } = unsent;
  const isText = content.type === "text";
  const lead = useRef<HTMLParagraphElement>(null);
  const isEdited = useRef(false);
  const edit = () => {
    isEdited.current = true;
    outbox.remove(key);
    onEdit(isText ? shown : captionOf(content), content.replyTo ?? null);
  };
  return (
    <Modal
      title={guard.title}
      onClose={edit}
      focus={lead}
      returnTo={() => (isEdited.current ? writing() : null)}
    >
      <ModalBody>
        {/* It opens while the agent writes on: a Space would press a button. */}
        <p ref={lead} tabIndex={-1}>
          {guard.lead}
        </p>
        <ul className={styles.messages}>
          {problem?.unseen.map(({ id, name, body }) => (
            <li key={id} className={styles.message}>
              <p className={styles.name}>
                <bdi>{name ?? inbox.fromPhone}</bdi>
              </p>
              <RichText text={body} />
            </li>
          ))}
        </ul>
        <p className={styles.own}>{guard.yours}</p>
        <div className={styles.draft} dir="auto">
          <RichText text={shown} />
        </div>
        <div className={styles.actions}>
          <Button onClick={edit}>{isText ? guard.edit : guard.leave}</Button>
          <Button look="primary" icon="send" onClick={() => outbox.sendAgain(key)}>
            {inbox.sendAnyway}
          </Button>
        </div>
      </ModalBody>
    </Modal>
  );
}

/** A file cannot be written on: only its caption can. */
function captionOf(content: Outgoing): string {
  const media = content[content.type];
  if (typeof media !== "object" || media === null || !("caption" in media)) return "";
  return typeof media.caption === "string" ? media.caption : "";
}
