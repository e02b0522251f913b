import { useEffect, useSyncExternalStore } from "react";
import { useStrings } from "../parts/strings-context.tsx";
import { useInbox } from "./inbox-context.tsx";

/** Says in the tab's title and icon what waits for this agent: their chats, those of nobody, and notes that mention them. */
export function TabTitle() {
  const { inbox } = useStrings();
  const { list } = useInbox();
  const counts = useSyncExternalStore(list.subscribe, () => list.view.counts);
  const unread = counts ? counts.mine.unread + counts.unassigned.unread + counts.mentioned : 0;
  useEffect(() => {
    document.title = unread > 0 ? inbox.titleUnread(unread) : inbox.title;
    const icon = document.querySelector('link[rel="icon"]');
    icon?.setAttribute("href", unread > 0 ? "/icon-unread.svg" : "/icon.svg");
  }, [unread, inbox]);
  return null;
}
