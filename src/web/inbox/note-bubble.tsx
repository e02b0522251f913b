import { useState } from "react";
import type { ChatNote } from "../../domain/chat-note.ts";
import { formatTime } from "../models/format.ts";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { NamedText } from "../parts/named-text.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useAgentName, useMe } from "./agents.ts";
import styles from "./note-bubble.module.css";
import { RichText } from "./rich-text.tsx";

/** What an agent wrote about the chat for colleagues. It looks like no message, so that nobody takes it for one. */
export function NoteBubble({ note }: { note: ChatNote }) {
  const { language, strings } = useLanguage();
  const { api } = useServices();
  const refusalOf = useRefusalText();
  const [problem, setProblem] = useState<string | null>(null);
  const me = useMe()?.agent.id;
  const name = useAgentName()(note.agentId) ?? strings.activity.somebody;
  const remove = async () => {
    setProblem(null);
    try {
      // Its event takes it out of every page.
      await api.request(`/notes/${note.id}`, { method: "DELETE" });
    } catch (error) {
      setProblem(refusalOf(error));
    }
  };
  return (
    <div className={styles.row}>
      <div className={styles.note} dir="auto">
        <p className={styles.head}>
          <Icon name="lock" size={14} />
          <span>
            <NamedText names={[name]}>{strings.note.by}</NamedText>
          </span>
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
              onClick={() => void remove()}
            />
          )}
        </p>
        {problem && (
          <p className={styles.problem} role="alert">
            {`${strings.note.notRemoved} ${problem}`}
          </p>
        )}
      </div>
    </div>
  );
}
