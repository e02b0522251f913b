import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "../parts/button.tsx";
import { useIsOnline } from "../parts/hooks.ts";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./connection-banner.module.css";
import { useInbox } from "./inbox-context.tsx";

/** A short loss heals before anybody reads about it. */
const PATIENCE_MS = 3_000;

/** Says that the connection is lost, once it has been for three seconds. */
export function ConnectionBanner() {
  const strings = useStrings();
  const { list } = useInbox();
  const connection = useSyncExternalStore(list.subscribe, () => list.view.connection);
  const isOnline = useIsOnline();
  // A socket outlives its network for up to a minute.
  const isLost = connection !== "open" || !isOnline;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isLost) return setLong(false);
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isLost]);

  return (
    <div role="status" className={styles.place}>
      {connection === "reload" ? (
        <Notice tone="info">
          {strings.inbox.reloadPage}
          <Button onClick={() => location.reload()}>{strings.inbox.reload}</Button>
        </Notice>
      ) : (
        isLong && (
          <Notice tone="warning">{isOnline ? strings.inbox.reconnecting : strings.inbox.offline}</Notice>
        )
      )}
    </div>
  );
}
