import { Notice } from "../parts/notice.tsx";
import styles from "./composer.module.css";

/** Above what is being composed: what went wrong with it; nothing while all is well. */
export function ComposerProblem({ problem }: { problem: string | null }) {
  if (!problem) return null;
  return (
    <div className={styles.problem}>
      <Notice tone="danger" role="alert">
        {problem}
      </Notice>
    </div>
  );
}
