import { useEffect, useSyncExternalStore } from "react";
import { useStrings } from "../parts/strings-context.tsx";
import { useInbox } from "./inbox-context.tsx";

/** Says in the tab's title and icon how much waits for this agent. */
export function TabTitle() {
  const { inbox } = useStrings();
  const { list } = useInbox();
  const unread = useSyncExternalStore(list.subscribe, () => list.view.waiting);
  useEffect(() => {
    document.title = unread > 0 ? inbox.titleUnread(unread) : inbox.title;
    const icon = document.querySelector('link[rel="icon"]');
    icon?.setAttribute("href", unread > 0 ? "/icon-unread.svg" : "/icon.svg");
  }, [unread, inbox]);
  return null;
}
