import { useRef, useState, useSyncExternalStore } from "react";
import type { ChatFilter } from "../models/chat-list.ts";
import { IconButton } from "../parts/button.tsx";
import { useSettled } from "../parts/hooks.ts";
import { Late, LatePart } from "../parts/late.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list.module.css";
import { ChatListFilters } from "./chat-list-filters.tsx";
import { ChatRows } from "./chat-rows.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { useInbox } from "./inbox-context.tsx";
import { RowSkeletons } from "./row-skeletons.tsx";
import { SearchBox } from "./search-box.tsx";

const newChatDialog = new LatePart(() => import("./new-chat-dialog.tsx"));
const searchResults = new LatePart(() => import("./search-results.tsx"));

/** A pause in typing: then it is searched. */
const PAUSE_MS = 250;

type ChatListProps = {
  openId: number | null;
  filter: ChatFilter;
  /** What is searched for; empty for the list itself. */
  wanted: string;
  onWanted(text: string): void;
};

/** The pane of the chats: the list under its filters, or instead what a search finds in all of them. */
export function ChatList({ openId, filter, wanted, onWanted }: ChatListProps) {
  const strings = useStrings();
  const { list } = useInbox();
  const counts = useSyncExternalStore(list.subscribe, () => list.view.counts);
  const [isNewChat, setNewChat] = useState(false);
  const results = useRef<HTMLDivElement>(null);
  const query = useSettled(wanted.trim(), PAUSE_MS);
  const isSearching = wanted.trim() !== "";

  return (
    <section data-chats className={styles.pane} aria-label={strings.inbox.chats}>
      <header className={styles.header}>
        <div className={styles.top}>
          <h1 className={styles.title}>{strings.inbox.title}</h1>
          <IconButton icon="plus" label={strings.newChat.open} onClick={() => setNewChat(true)} />
        </div>
        <SearchBox text={wanted} onText={onWanted} results={results} />
        {!isSearching && <ChatListFilters filter={filter} counts={counts} />}
      </header>
      <ConnectionBanner />
      <div ref={results} className={styles.results}>
        {isSearching ? (
          <Late
            part={searchResults}
            fallback={<RowSkeletons />}
            query={query}
            isSettling={query !== wanted.trim()}
            openId={openId}
            onLeave={() => onWanted("")}
          />
        ) : (
          <ChatRows openId={openId} filter={filter} />
        )}
      </div>
      {isNewChat && <Late part={newChatDialog} onClose={() => setNewChat(false)} />}
    </section>
  );
}
