import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { Icon, type IconName } from "./parts/icon.tsx";
import { useStrings } from "./parts/strings-context.tsx";
import styles from "./shell.module.css";

/** The rail of the main navigation with `foot` at its end, at the foot of the page on phones, beside what the address shows. */
export function Shell({ foot, children }: { foot: ReactNode; children: ReactNode }) {
  const strings = useStrings();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {strings.app.skipToContent}
      </a>
      <nav className={styles.rail} aria-label={strings.app.mainNavigation}>
        <img className={styles.logo} src="/icon.svg" width={32} height={32} alt="" />
        <RailLink to="/inbox" icon="inbox" label={strings.app.inbox} />
        <RailLink to="/settings" icon="settings" label={strings.app.settings} />
        <div className={styles.foot}>{foot}</div>
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function RailLink({ to, icon, label }: { to: string; icon: IconName; label: string }) {
  const [isHere] = useRoute(`${to}/*?`);
  return (
    <Link to={to} className={styles.link ?? ""} aria-current={isHere ? "page" : undefined}>
      <Icon name={icon} size={22} />
      <span>{label}</span>
    </Link>
  );
}
