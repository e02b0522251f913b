import { useRef } from "react";
import type { Chat } from "../../domain/chat.ts";
import type { ChatFilter } from "../models/chat-list.ts";
import { nextUnread } from "../models/next-unread.ts";
import { usePassingText, useSteady } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useMe } from "./agents.ts";
import { useInbox, useShortcut } from "./inbox-context.tsx";

/** For how long it is said that nothing is unread. */
const SAID_MS = 5_000;

/** Opens the next unread chat of the list by its key, also one that is not loaded. Returns what to say where there is none. */
export function useNextUnread(
  openId: number | null,
  filter: ChatFilter,
  onOpen: (chat: Chat) => void,
): string {
  const { api } = useServices();
  const { list } = useInbox();
  const { inbox } = useStrings();
  const refusalOf = useRefusalText();
  const me = useMe()?.agent.id ?? null;
  const [said, setSaid] = usePassingText(SAID_MS);
  // The list goes on while the server is asked.
  const openNow = useSteady(onOpen);
  const isBusy = useRef(false);

  const goOn = async () => {
    if (isBusy.current) return;
    isBusy.current = true;
    setSaid("");
    const { href } = location;
    const { chats, isLoaded, hasMore } = list.view;
    const open = list.find(({ id }) => id === openId);
    try {
      const place = { chats, isWhole: isLoaded && !hasMore, openId, open, me };
      const next = await nextUnread(api, filter, place);
      // Whoever has gone on by then stays where they are.
      if (location.href !== href) return;
      if (next) openNow(next);
      else setSaid(inbox.nothingUnread);
    } catch (error) {
      setSaid(refusalOf(error));
    } finally {
      isBusy.current = false;
    }
  };
  useShortcut("nextUnread", () => void goOn());
  return said;
}
