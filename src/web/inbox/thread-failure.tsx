import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./thread-failure.module.css";

type ThreadFailureProps = { side: "older" | "newer" | "message" | null; onRetry(): void };

/** Says over the messages that others of the chat did not come, on the side where they belong. */
export function ThreadFailure({ side, onRetry }: ThreadFailureProps) {
  const { app, inbox } = useStrings();
  return (
    <div role="status" className={`${styles.place} ${side === "newer" ? styles.below : ""}`}>
      {side && (
        <Notice tone="warning">
          {inbox.partFailed[side]}
          <Button icon="refresh" onClick={onRetry}>
            {app.retry}
          </Button>
        </Notice>
      )}
    </div>
  );
}
