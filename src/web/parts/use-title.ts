import { createContext, use, useEffect } from "react";

/** How many chats wait for the agent; 0 as long as nobody has counted. */
export const WaitingContext = createContext(0);

/** The tab's title, after the number of the chats that wait. */
export function useTitle(title: string): void {
  const waiting = use(WaitingContext);
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
  }, [waiting, title]);
}
