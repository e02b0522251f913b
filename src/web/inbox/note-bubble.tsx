import type { ChatNote } from "../../domain/chat-note.ts";
import { formatTime } from "../models/format.ts";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useAgentName, useMe } from "./agents.ts";
import styles from "./note-bubble.module.css";
import { RichText } from "./rich-text.tsx";

/** What an agent wrote about the chat for colleagues. It looks like no message, so that nobody takes it for one. */
export function NoteBubble({ note }: { note: ChatNote }) {
  const { language, strings } = useLanguage();
  const { api } = useServices();
  const me = useMe()?.agent.id;
  const name = useAgentName()(note.agentId) ?? strings.activity.somebody;
  return (
    <div className={styles.row}>
      <div className={styles.note} dir="auto">
        <p className={styles.head}>
          <Icon name="lock" size={14} />
          <bdi>{strings.note.by(name)}</bdi>
        </p>
        <RichText text={note.body} />
        <p className={styles.meta}>
          {note.editedAt !== null && <span>{strings.inbox.edited}</span>}
          <time dateTime={note.createdAt}>{formatTime(note.createdAt, language)}</time>
          {note.agentId === me && (
            <IconButton
              icon="close"
              size={14}
              label={strings.note.remove}
              className={styles.remove}
              // Its event takes it out of every page.
              onClick={() =>
                void api.request(`/notes/${note.id}`, { method: "DELETE" }).catch(() => undefined)
              }
            />
          )}
        </p>
      </div>
    </div>
  );
}
