import type { ReactNode } from "react";
import type { Label } from "../../domain/label.ts";
import styles from "./label-chip.module.css";

/** A label as a small tag in its color. `children`: what can be done with it. */
export function LabelChip({ label: { name, color }, children }: { label: Label; children?: ReactNode }) {
  return (
    <span className={`${styles.chip} ${styles[color]}`}>
      <bdi className={styles.name}>{name}</bdi>
      {children}
    </span>
  );
}

/** The color alone, beside a name. */
export function LabelDot({ color }: Pick<Label, "color">) {
  return <span className={`${styles.dot} ${styles[color]}`} aria-hidden="true" />;
}
