import { formatTime } from "../models/format.ts";
import type { Unsent } from "../models/outbox.ts";
import { unsentProblemText } from "../models/refusal.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { Tick } from "../parts/tick.tsx";
import { useInbox } from "./inbox-context.tsx";
import styles from "./message-bubble.module.css";
import { RichText } from "./rich-text.tsx";

/** A message that the server has not answered for yet, or that it refused. */
export function UnsentBubble({ unsent, onTemplate }: { unsent: Unsent; onTemplate(): void }) {
  const { language, strings } = useLanguage();
  const { outbox } = useInbox();
  const { key, shown, createdAt, state, problem } = unsent;
  const isRefused = state === "refused";
  const isWindowOver = problem?.code === "window_closed";
  const time = formatTime(createdAt, language);
  const label = isRefused ? strings.inbox.failed : strings.inbox.queued;
  return (
    <div className={`${styles.row} ${styles.outgoing} ${styles.first} ${styles.last}`}>
      <div className={styles.bubble} dir="auto">
        <bdi className="hidden-text">{strings.inbox.you}</bdi>
        <RichText text={shown} />
        <span className={styles.meta}>
          <time dateTime={createdAt}>{time}</time>
          <Tick status={isRefused ? "failed" : "queued"} label={`${label}, ${time}`} />
        </span>
      </div>
      {isRefused && (
        <div className={styles.failure}>
          <Notice tone="danger">
            <p>
              <strong>{strings.inbox.failed}.</strong> {problem && unsentProblemText(problem, language)}
            </p>
            <div className={styles.failureActions}>
              {isWindowOver ? (
                <Button icon="template" onClick={onTemplate}>
                  {strings.inbox.chooseTemplate}
                </Button>
              ) : (
                <Button icon="refresh" onClick={() => outbox.sendAgain(key)}>
                  {strings.inbox.sendAgain}
                </Button>
              )}
              <Button look="quiet" onClick={() => outbox.remove(key)}>
                {strings.inbox.discard}
              </Button>
            </div>
          </Notice>
        </div>
      )}
    </div>
  );
}
