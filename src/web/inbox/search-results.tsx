import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useLocation, useSearchParams } from "wouter";
import { NetworkError } from "../models/api.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useNow } from "../parts/hooks.ts";
import { useStrings } from "../parts/strings-context.tsx";
import list from "./chat-list.module.css";
import { ChatRow } from "./chat-row.tsx";
import { ROW_PX } from "./chat-rows.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { MessageHit } from "./message-hit.tsx";
import { RowSkeletons } from "./row-skeletons.tsx";
import styles from "./search-results.module.css";
import { rangeWith, useRowKeys } from "./use-row-keys.ts";
import { useSearch } from "./use-search.ts";

const HEADING_PX = 36;
const HIT_PX = 88;

type SearchResultsProps = {
  /** What is searched for, without spaces around it; empty when that is not known yet. */
  query: string;
  /** The query is about to change. */
  isSettling: boolean;
  openId: number | null;
  /** Back to the list. */
  onLeave(): void;
};

/** What a search finds: chats by their contact, then messages, newest first. A message opens its chat around it. */
export default function SearchResults({ query, isSettling, openId, onLeave }: SearchResultsProps) {
  const strings = useStrings();
  const { scrolls } = useInbox();
  const { found, isStale, error, hasMore, isLoadingMore, isMoreFailed, loadMore, retry } = useSearch(query);
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const now = useNow(30_000);
  const scroller = useRef<HTMLDivElement>(null);
  const { chats, messages } = found ?? { chats: [], messages: [] };
  const messagesAt = (chats.length > 0 ? HEADING_PX + chats.length * ROW_PX : 0) + HEADING_PX;
  const scroll = `search ${query}`;

  const open = { chat: openId, message: Number(params.get("message") ?? 0) };
  const hrefs = [
    ...chats.map(({ id }) => inboxAddress(params.toString(), id)),
    ...messages.map(({ message }) => inboxAddress(params.toString(), message.chatId, message.id)),
  ];
  const openIndex = hrefs.indexOf(inboxAddress(params.toString(), open.chat, open.message || null));
  const toSearchBox = () => document.querySelector<HTMLElement>("[data-search]")?.focus();
  const { stop, focusRow, onFocus, onBlur, onKeyDown } = useRowKeys({
    list: scroller,
    keys: hrefs,
    openIndex,
    reveal: (index) => index >= chats.length && virtual.scrollToIndex(index - chats.length),
    onAbove: toSearchBox,
  });
  const virtual: Virtualizer<HTMLDivElement, Element> = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HIT_PX,
    getItemKey: (index) => messages[index]?.message.id ?? index,
    initialOffset: () => scrolls.get(scroll) ?? 0,
    scrollMargin: messagesAt,
    overscan: 6,
    rangeExtractor: (range) => rangeWith(range, stop - chats.length),
  });
  const rows = virtual.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  const wantsMore =
    hasMore && !isStale && !isLoadingMore && !isMoreFailed && lastIndex >= messages.length - 5;
  useEffect(() => {
    if (wantsMore) loadMore();
  });

  const openRow = (index: number) => {
    const href = hrefs[index];
    if (href === undefined) return;
    navigate(href);
    focusRow(index);
  };
  useShortcut("nextChat", () => openRow(openIndex + 1));
  useShortcut("previousChat", () => openRow(Math.max(0, openIndex - 1)));

  if (error !== null)
    return (
      <EmptyState
        icon="warning"
        title={strings.search.failed}
        {...(error instanceof NetworkError && { hint: strings.app.offline })}
      >
        <Button icon="refresh" onClick={retry}>
          {strings.app.retry}
        </Button>
      </EmptyState>
    );
  if (!found) return <RowSkeletons />;
  const isCurrent = !isStale && !isSettling;
  if (hrefs.length === 0 && isCurrent)
    return (
      <EmptyState icon="search" title={strings.search.nothing(query)} hint={strings.search.nothingHint} />
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the rows inside.
    <div
      ref={scroller}
      className={`${list.scroller} ${isCurrent ? "" : styles.stale}`}
      aria-busy={!isCurrent}
      onFocus={onFocus}
      onBlur={onBlur}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return onKeyDown(event);
        toSearchBox();
        onLeave();
      }}
      onScroll={({ currentTarget }) => scrolls.set(scroll, currentTarget.scrollTop)}
    >
      <p className="hidden-text" role="status">
        {isCurrent ? strings.search.found(chats.length, messages.length, hasMore) : strings.search.searching}
      </p>
      {chats.length > 0 && (
        <>
          <h2 className={styles.heading}>{strings.search.chats}</h2>
          <ul aria-label={strings.search.chats}>
            {chats.map((chat, index) => (
              <li key={chat.id} data-index={index} className={styles.chat}>
                <ChatRow
                  chat={chat}
                  now={now}
                  isOpen={index === openIndex}
                  isInTabOrder={index === stop}
                  href={hrefs[index] ?? ""}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {messages.length > 0 && (
        <>
          <h2 className={styles.heading}>
            {messages[0]?.byNumber ? strings.search.byNumber : strings.search.messages}
          </h2>
          <ul
            aria-label={strings.search.messages}
            className={list.rows}
            style={{ blockSize: virtual.getTotalSize() }}
          >
            {rows.map(({ index: at, key, start }) => {
              const hit = messages[at];
              const index = chats.length + at;
              return (
                hit && (
                  <li
                    key={key}
                    data-index={index}
                    aria-setsize={hasMore ? -1 : messages.length}
                    aria-posinset={at + 1}
                    className={styles.hit}
                    style={{ transform: `translateY(${start - messagesAt}px)` }}
                  >
                    <MessageHit
                      hit={hit}
                      now={now}
                      isOpen={index === openIndex}
                      isInTabOrder={index === stop}
                      href={hrefs[index] ?? ""}
                    />
                  </li>
                )
              );
            })}
          </ul>
        </>
      )}
      {isMoreFailed && (
        <div className={list.foot} role="alert">
          {strings.search.moreFailed}
          <Button icon="refresh" onClick={loadMore}>
            {strings.app.retry}
          </Button>
        </div>
      )}
      {isLoadingMore && <p className={list.foot}>{strings.app.loading}</p>}
    </div>
  );
}
