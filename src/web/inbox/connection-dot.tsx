import type { PageConnection } from "../models/page-connection.ts";
import styles from "./connection-dot.module.css";
import { useConnection } from "./use-connection.ts";

/** How the page is connected, at the end of the main navigation: by form, colour and word. */
export function ConnectionDot({ connection }: { connection: PageConnection }) {
  const { status, strings } = useConnection(connection);
  return (
    <p className={styles.place}>
      <span className={`${styles.dot} ${styles[status]}`} aria-hidden="true" />
      {strings.states[status]}
    </p>
  );
}
