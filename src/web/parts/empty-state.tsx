import type { ReactNode } from "react";
import styles from "./empty-state.module.css";
import { Icon, type IconName } from "./icon.tsx";

type EmptyStateProps = {
  icon: IconName;
  title: string;
  hint?: string;
  /** It is all that the page shows: its title is the page's heading. */
  isPage?: boolean;
  children?: ReactNode;
};

/** What stands where there is nothing to show yet, with what to do about it. */
export function EmptyState({ icon, title, hint, isPage = false, children }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className={styles.empty}>
      <span className={styles.picture}>
        <Icon name={icon} size={28} />
      </span>
      <Title className={styles.title}>{title}</Title>
      {hint && <p className={styles.hint}>{hint}</p>}
      {children}
    </div>
  );
}
