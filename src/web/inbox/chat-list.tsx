import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useSearch } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import type { ChatFilter } from "../models/chat-list.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useNow } from "../parts/hooks.ts";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list.module.css";
import { ChatListFilters } from "./chat-list-filters.tsx";
import { ChatRow } from "./chat-row.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";

const NewChatDialog = lazy(() => import("./new-chat-dialog.tsx"));

const ROW_PX = 76;
const SKELETONS = ["a", "b", "c", "d", "e", "f"];

/** The chats, newest activity first. One row is in the tab order; ↑ ↓ Home End move between rows. */
export function ChatList({ openId, filter }: { openId: number | null; filter: ChatFilter }) {
  const strings = useStrings();
  const { list } = useInbox();
  const view = useSyncExternalStore(list.subscribe, () => list.view);
  const [, navigate] = useLocation();
  const search = useSearch();
  const [isNewChat, setNewChat] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(30_000);
  const { chats } = view;
  const virtual = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => chats[index]?.id ?? index,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (view.hasMore && lastIndex >= chats.length - 5) void list.loadMore();
  }, [list, view.hasMore, lastIndex, chats.length]);

  // What waits for this agent: their chats, and those of nobody.
  const { mine, unassigned } = view.counts ?? { mine: { unread: 0 }, unassigned: { unread: 0 } };
  const unread = mine.unread + unassigned.unread;
  useEffect(() => {
    document.title = unread > 0 ? strings.inbox.titleUnread(unread) : strings.inbox.title;
    const icon = document.querySelector('link[rel="icon"]');
    icon?.setAttribute("href", unread > 0 ? "/icon-unread.svg" : "/icon.svg");
  }, [unread, strings]);

  const path = (id: number) => `/inbox/${id}${search ? `?${search}` : ""}`;
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(chats.length - 1, index));
    virtual.scrollToIndex(to);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus(),
    );
  };
  const openRow = (index: number) => {
    const chat = chats[index];
    if (!chat) return;
    navigate(path(chat.id));
    focusRow(index);
  };
  const openIndex = chats.findIndex(({ id }) => id === openId);
  useShortcut("nextChat", () => openRow(openIndex + 1));
  useShortcut("previousChat", () => openRow(Math.max(0, openIndex - 1)));
  useShortcut("nextUnread", () => {
    const isUnread = ({ id, unreadCount }: Chat) => unreadCount > 0 && id !== openId;
    const after = chats.findIndex((chat, index) => index > openIndex && isUnread(chat));
    openRow(after >= 0 ? after : chats.findIndex(isUnread));
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(row?.dataset.index ?? 0);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: chats.length - 1,
      PageDown: index + 8,
      PageUp: index - 8,
    };
    const to = moves[event.key];
    if (!row || to === undefined) return;
    event.preventDefault();
    focusRow(to);
  };
  const inTabOrder = chats.some(({ id }) => id === openId) ? openId : chats[0]?.id;
  const isFiltered =
    filter.view !== "all" ||
    filter.status !== "open" ||
    filter.isUnreadOnly ||
    filter.organizationPhoneId !== null;

  return (
    <section className={styles.pane} aria-label={strings.inbox.chats}>
      <header className={styles.header}>
        <div className={styles.top}>
          <h1 className={styles.title}>{strings.inbox.title}</h1>
          <IconButton icon="plus" label={strings.newChat.open} onClick={() => setNewChat(true)} />
        </div>
        <ChatListFilters filter={filter} counts={view.counts} />
      </header>
      <ConnectionBanner connection={view.connection} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the rows inside. */}
      <div ref={scroller} className={styles.scroller} onKeyDown={onKeyDown}>
        {chats.length > 0 && (
          <ul
            aria-label={strings.inbox.chats}
            style={{ blockSize: virtual.getTotalSize() }}
            className={styles.rows}
          >
            {rows.map(({ index, key, start }) => {
              const chat = chats[index];
              return (
                chat && (
                  <li
                    key={key}
                    data-index={index}
                    aria-setsize={view.hasMore ? -1 : chats.length}
                    aria-posinset={index + 1}
                    className={styles.place}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <ChatRow
                      chat={chat}
                      now={now}
                      isOpen={chat.id === openId}
                      isInTabOrder={chat.id === inTabOrder}
                      href={path(chat.id)}
                    />
                  </li>
                )
              );
            })}
          </ul>
        )}
        {chats.length === 0 && !view.isLoaded && view.error === null && (
          <div className={styles.skeletons} role="status" aria-label={strings.app.loading}>
            {SKELETONS.map((name) => (
              <div key={name} className={styles.skeleton} />
            ))}
          </div>
        )}
        {chats.length === 0 && view.error !== null && (
          <EmptyState icon="warning" title={strings.inbox.loadFailed}>
            <Button icon="refresh" onClick={() => void list.reload()}>
              {strings.app.retry}
            </Button>
          </EmptyState>
        )}
        {chats.length === 0 && view.isLoaded && view.error === null && (
          <EmptyState
            icon="inbox"
            title={isFiltered ? strings.inbox.emptyFiltered : strings.inbox.empty}
            {...(!isFiltered && { hint: strings.inbox.emptyHint })}
          >
            {isFiltered && <Button onClick={() => navigate("/inbox")}>{strings.inbox.clearFilters}</Button>}
          </EmptyState>
        )}
      </div>
      {isNewChat && (
        <Suspense>
          <NewChatDialog onClose={() => setNewChat(false)} />
        </Suspense>
      )}
    </section>
  );
}
