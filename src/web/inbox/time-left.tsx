import { formatLeft, type ServiceWindow } from "../models/service-window.ts";
import { useStrings } from "../parts/strings-context.tsx";

/** For how long free text can still be sent. Its color says that it ends soon; at the very end all see the words as well. */
export function TimeLeft({ window }: { window: Extract<ServiceWindow, { kind: "open" }> }) {
  const { inbox } = useStrings();
  const time = formatLeft(window.leftMs, inbox);
  if (window.urgency === "last") return inbox.windowLeft(time);
  return (
    <>
      <span aria-hidden="true">{time}</span>
      <span className="hidden-text">{inbox.windowLeft(time)}</span>
    </>
  );
}
