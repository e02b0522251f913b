import type { PageStatus } from "../models/page-connection.ts";
import { Button } from "../parts/button.tsx";
import { useSettled } from "../parts/hooks.ts";
import { Notice } from "../parts/notice.tsx";
import styles from "./connection-banner.module.css";
import { useInbox } from "./inbox-context.tsx";
import { useConnection } from "./use-connection.ts";

/** Long enough for a screen reader to begin. */
const SAID_AFTER_MS = 1_000;

/** Says that the connection is late or lost, and how it comes back. Read aloud once for each time, whatever steps it takes. */
export function ConnectionBanner() {
  const { connection } = useInbox();
  const { status, strings } = useConnection(connection);
  const news = newsOf(status);
  const isSaid = useSettled(news, SAID_AFTER_MS) === news && news !== null;

  return (
    <div role="status" aria-live={isSaid ? "off" : "polite"} className={styles.place}>
      {status === "reload" ? (
        <Notice tone="info">
          {strings.reloadPage}
          <Button onClick={() => location.reload()}>{strings.reload}</Button>
        </Notice>
      ) : (
        status !== "connected" && (
          <Notice tone={status === "catchingUp" || status === "connecting" ? "info" : "warning"}>
            {strings[status]}
          </Notice>
        )
      )}
    </div>
  );
}

/** What there is to say: the steps of one loss are one piece of news. */
function newsOf(status: PageStatus): "lost" | "polling" | "reload" | null {
  if (status === "connected") return null;
  return status === "polling" || status === "reload" ? status : "lost";
}
