import type { ReactNode } from "react";
import type { Check } from "../../http/contract.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import styles from "./check-list.module.css";
import colors from "./check-status.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

const ICONS: Record<Check["status"], IconName> = {
  pass: "check",
  warn: "warning",
  fail: "close",
  skip: "more",
};

type CheckListProps = { checks: readonly Check[]; actions?: (check: Check) => ReactNode };

/** What the checks found: one line each, and for what is wrong why, and what to do. */
export function CheckList({ checks, actions }: CheckListProps) {
  const strings = useNumbersStrings();
  if (checks.length === 0) return null;
  return (
    <ul className={styles.list}>
      {checks.map((check) => {
        const { id, status, title, why, fix } = check;
        const isWrong = status === "fail" || status === "warn";
        return (
          <li key={id} className={styles.check}>
            <span className={`${styles.mark} ${colors[status]}`}>
              <Icon name={ICONS[status]} size={16} />
              <span className="hidden-text">{strings.numbers.status[status]}: </span>
            </span>
            <div className={styles.text}>
              <p className={`${styles.title} ${isWrong ? styles.strong : ""}`}>{title}</p>
              {isWrong && why && <p className={styles.muted}>{why}</p>}
              {isWrong && fix && (
                <p>
                  <span className={styles.label}>{strings.numbers.fix}: </span>
                  {fix}
                </p>
              )}
              {isWrong && actions && <div className={styles.actions}>{actions(check)}</div>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
