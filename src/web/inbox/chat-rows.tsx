import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation, useSearch } from "wouter";
import { type ChatFilter, isFiltered } from "../models/chat-list.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useNow } from "../parts/hooks.ts";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list.module.css";
import { ChatRow } from "./chat-row.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { LoadFailure } from "./load-failure.tsx";
import { RowSkeletons } from "./row-skeletons.tsx";
import { useNextUnread } from "./use-next-unread.ts";
import { rangeWith, useRowKeys } from "./use-row-keys.ts";

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
  const { chats } = view;
  const openIndex = chats.findIndex(({ id }) => id === openId);
  const { stop, focusRow, onFocus, onBlur, onKeyDown } = useRowKeys({
    list: scroller,
    keys: chats.map(({ id }) => id),
    openIndex,
    reveal: (index) => virtual.scrollToIndex(index),
  });
  const virtual: Virtualizer<HTMLDivElement, Element> = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => chats[index]?.id ?? index,
    initialOffset: () => scrolls.get(SCROLL) ?? 0,
    overscan: 6,
    rangeExtractor: (range) => rangeWith(range, stop),
  });
  const rows = virtual.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  const wantsMore =
    view.hasMore && !view.isLoadingMore && !view.isMoreFailed && lastIndex >= chats.length - 5;
  useEffect(() => {
    if (wantsMore) void list.loadMore();
  }, [list, wantsMore]);

  const openRow = (index: number) => {
    const chat = chats[index];
    if (!chat) return;
    navigate(inboxAddress(search, chat.id));
    focusRow(index);
  };
  useShortcut("nextChat", () => openRow(openIndex + 1));
  useShortcut("previousChat", () => openRow(Math.max(0, openIndex - 1)));
  const said = useNextUnread(openId, filter, (chat) => {
    const index = chats.findIndex(({ id }) => id === chat.id);
    if (index >= 0) openRow(index);
    else navigate(inboxAddress(search, chat.id));
  });
  const hasFilter = isFiltered(filter);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the rows inside.
    <div
      ref={scroller}
      className={styles.scroller}
      onFocus={onFocus}
      onBlur={onBlur}
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
                    isInTabOrder={index === stop}
                    href={inboxAddress(search, chat.id)}
                  />
                </li>
              )
            );
          })}
        </ul>
      )}
      <p className={styles.said} role="status">
        {said}
      </p>
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
