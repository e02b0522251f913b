import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation, useSearch } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { type ChatFilter, isFiltered, isMentioned } from "../models/chat-list.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useNow } from "../parts/hooks.ts";
import { useStrings } from "../parts/strings-context.tsx";
import { useMe } from "./agents.ts";
import styles from "./chat-list.module.css";
import { ChatRow } from "./chat-row.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { LoadFailure } from "./load-failure.tsx";
import { RowSkeletons } from "./row-skeletons.tsx";
import { useRowKeys } from "./use-row-keys.ts";

export const ROW_PX = 76;
const SCROLL = "chats";

/** The chats, newest activity first. One row is in the tab order. Comes back as far scrolled as it was left. */
export function ChatRows({ openId, filter }: { openId: number | null; filter: ChatFilter }) {
  const strings = useStrings();
  const { list, scrolls } = useInbox();
  const view = useSyncExternalStore(list.subscribe, () => list.view);
  const [, navigate] = useLocation();
  const search = useSearch();
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow(30_000);
  const me = useMe()?.agent.id ?? null;
  const { chats } = view;
  const virtual = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => chats[index]?.id ?? index,
    initialOffset: () => scrolls.get(SCROLL) ?? 0,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  const wantsMore =
    view.hasMore && !view.isLoadingMore && !view.isMoreFailed && lastIndex >= chats.length - 5;
  useEffect(() => {
    if (wantsMore) void list.loadMore();
  }, [list, wantsMore]);

  const { focusRow, onKeyDown } = useRowKeys(scroller, chats.length, (index) => virtual.scrollToIndex(index));
  const openRow = (index: number) => {
    const chat = chats[index];
    if (!chat) return;
    navigate(inboxAddress(search, chat.id));
    focusRow(index);
  };
  const openIndex = chats.findIndex(({ id }) => id === openId);
  useShortcut("nextChat", () => openRow(openIndex + 1));
  useShortcut("previousChat", () => openRow(Math.max(0, openIndex - 1)));
  useShortcut("nextUnread", () => {
    const isUnread = (chat: Chat) => chat.id !== openId && (chat.unreadCount > 0 || isMentioned(chat, me));
    const after = chats.findIndex((chat, index) => index > openIndex && isUnread(chat));
    openRow(after >= 0 ? after : chats.findIndex(isUnread));
  });
  const inTabOrder = chats.some(({ id }) => id === openId) ? openId : chats[0]?.id;
  const hasFilter = isFiltered(filter);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the rows inside.
    <div
      ref={scroller}
      className={styles.scroller}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => scrolls.set(SCROLL, currentTarget.scrollTop)}
    >
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
                    href={inboxAddress(search, chat.id)}
                  />
                </li>
              )
            );
          })}
        </ul>
      )}
      {chats.length > 0 && (view.isMoreFailed || view.error !== null) && (
        <div className={styles.foot} role="alert">
          {strings.inbox.moreChatsFailed}
          <Button icon="refresh" onClick={() => void (view.error === null ? list.loadMore() : list.reload())}>
            {strings.app.retry}
          </Button>
        </div>
      )}
      {chats.length === 0 && !view.isLoaded && view.error === null && <RowSkeletons />}
      {chats.length === 0 && view.error !== null && (
        <LoadFailure error={view.error} onRetry={() => list.reload()} />
      )}
      {chats.length === 0 && view.isLoaded && view.error === null && (
        <EmptyState
          icon="inbox"
          title={hasFilter ? strings.inbox.emptyFiltered : strings.inbox.empty}
          {...(!hasFilter && { hint: strings.inbox.emptyHint })}
        >
          {hasFilter && <Button onClick={() => navigate("/inbox")}>{strings.inbox.clearFilters}</Button>}
        </EmptyState>
      )}
    </div>
  );
}
