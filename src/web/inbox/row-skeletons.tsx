import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list.module.css";

const SKELETONS = ["a", "b", "c", "d", "e", "f"];

/** Where rows will be, while they are loaded. */
export function RowSkeletons() {
  const strings = useStrings();
  return (
    <div className={styles.skeletons} role="status" aria-label={strings.app.loading}>
      {SKELETONS.map((name) => (
        <div key={name} className={styles.skeleton} />
      ))}
    </div>
  );
}
