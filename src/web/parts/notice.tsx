import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";
import styles from "./notice.module.css";

type Tone = "info" | "warning" | "danger" | "positive";

const ICONS: Record<Tone, IconName> = {
  info: "info",
  warning: "warning",
  danger: "warning",
  positive: "check",
};

/** A box that says one thing. With `role="alert"` it is read aloud at once, with `role="status"` when there is a pause. */
export function Notice({
  tone,
  role,
  children,
}: {
  tone: Tone;
  role?: "alert" | "status";
  children: ReactNode;
}) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Icon name={ICONS[tone]} size={18} />
      <div className={styles.content}>{children}</div>
    </div>
  );
}
