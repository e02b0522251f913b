import { createContext, use } from "react";
import type { LiveInbox } from "../models/live-inbox.ts";
import type { Outbox } from "../models/outbox.ts";

type Inbox = { list: LiveInbox; outbox: Outbox; owner: string };

export const InboxContext = createContext<Inbox | null>(null);

/** The list and the outbox of the signed-in agent. `owner` begins the keys of what is stored for them. */
export function useInbox(): Inbox {
  const inbox = use(InboxContext);
  if (!inbox) throw new Error("There is no InboxContext around this component.");
  return inbox;
}
