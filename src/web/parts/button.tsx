import type { ComponentProps } from "react";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icon.tsx";

type Look = "primary" | "secondary" | "quiet" | "danger";

type ButtonProps = ComponentProps<"button"> & { look?: Look; icon?: IconName; isBusy?: boolean };

export function Button({
  look = "secondary",
  icon,
  isBusy = false,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[styles.button, styles[look], className].filter(Boolean).join(" ")}
      aria-busy={isBusy || undefined}
      disabled={rest.disabled || isBusy}
    >
      {isBusy ? (
        <span className={styles.spinner} aria-hidden="true" />
      ) : (
        icon && <Icon name={icon} size={18} />
      )}
      {children}
    </button>
  );
}
type IconButtonProps = ComponentProps<"button"> & { icon: IconName; label: string; size?: number };

/** A button without a text: `label` is its name, also as a tooltip. */
export function IconButton({ icon, label, size = 20, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={[styles.iconButton, className].filter(Boolean).join(" ")}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
