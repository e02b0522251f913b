import type { Strings } from "../strings/strings.ts";
import styles from "./tick.module.css";

type Status =
  | "queued"
  | "sending"
  | "unknown"
  | "unconfirmed"
  | "accepted"
  | "sent"
  | "failed"
  | "delivered"
  | "read"
  | "played";

/** How far a message has come. The states differ in shape: a clock, one tick, two ticks, two ticks in a disc, a warning. */
export function Tick({ status, label }: { status: Status; label: string }) {
  return (
    <span className={`${styles.tick} ${styles[status]}`} role="img" aria-label={label} title={label}>
      <svg
        aria-hidden="true"
        width="20"
        height="14"
        viewBox="0 0 20 14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <Shape status={status} />
      </svg>
    </span>
  );
}

export function tickLabel(status: Status, strings: Strings): string {
  return strings.inbox[status];
}

function Shape({ status }: { status: Status }) {
  switch (status) {
    case "queued":
    case "sending":
    case "unknown":
      return <path d="M10 1.8a5.2 5.2 0 1 1 0 10.4 5.2 5.2 0 0 1 0-10.4M10 4.2V7l2 1.4" />;
    case "accepted":
    case "sent":
      return <path d="m5.5 7.5 3 3 6-7" />;
    case "delivered":
      return <path d="m2 7.5 3 3 6-7M9.5 9.7l.8.8 6-7" />;
    case "read":
    case "played":
      return (
        <>
          <rect x="0.8" y="0.8" width="18.4" height="12.4" rx="6.2" fill="currentColor" stroke="none" />
          <path className={styles.inDisc} d="m4.2 7.3 2.4 2.4 4.6-5.4M9.8 9.1l.6.6L15 4.3" />
        </>
      );
    case "failed":
    case "unconfirmed":
      return <path d="M10 1.5 3.5 12.5h13zM10 5.5v3M10 10.6v.01" />;
    default:
      return status satisfies never;
  }
}
