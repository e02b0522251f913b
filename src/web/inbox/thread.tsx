import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { countsAsUnread } from "../../domain/message.ts";
import type { ChatState } from "../models/chat-state.ts";
import { formatDay, nameOfContact } from "../models/format.ts";
import type { LiveChat } from "../models/live-chat.ts";
import type { LiveChatView } from "../models/live-chat-view.ts";
import { withoutRows } from "../models/outbox.ts";
import { forgetSizes } from "../models/row-sizes.ts";
import { firstUnread, isWritten, type ThreadItem, threadItems } from "../models/thread-items.ts";
import { useSteady } from "../parts/hooks.ts";
import { Icon } from "../parts/icon.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { ActivityLine } from "./activity-line.tsx";
import { useInbox } from "./inbox-context.tsx";
import { MessageBubble } from "./message-bubble.tsx";
import { NoteBubble } from "./note-bubble.tsx";
import { Photos } from "./photos.tsx";
import { SpokenFailures } from "./spoken-failures.tsx";
import { SpokenNews } from "./spoken-news.tsx";
import styles from "./thread.module.css";
import { ThreadFailure } from "./thread-failure.tsx";
import { UnsentBubble } from "./unsent-bubble.tsx";
import { isEndInView, NEAR_END_PX, useHeldEnd } from "./use-held-end.ts";
import { useHiddenLate } from "./use-hidden-late.ts";
import { useMarkRead } from "./use-mark-read.ts";
import { useOwnSent } from "./use-own-sent.ts";
import { rangeWith } from "./use-row-keys.ts";
import { isLoaded, useShownMessage } from "./use-shown-message.ts";
import { useThreadKeys } from "./use-thread-keys.ts";
import { useThreadStop } from "./use-thread-stop.ts";

/** How many rows on each side of what is in view are in the page too. */
const OVERSCAN = 8;

type ThreadProps = {
  live: LiveChat;
  view: LiveChatView & { state: ChatState };
  /** A message to show; null: the end. */
  anchor: number | null;
  /** Another one shows the anchor again. */
  press: unknown;
  onReply(id: number): void;
  onTemplate(): void;
  /** The focus goes back to the composer. */
  onLeave(): void;
};

/**
 * The messages of a chat, of which only those in view are in the page. Opens at its end, or around `anchor`; stays at the end while
 * that is in view.
 */
export function Thread({ live, view, anchor, press, onReply, onTemplate, onLeave }: ThreadProps) {
  const { language, strings } = useLanguage();
  const { outbox } = useInbox();
  const { state } = view;
  const unsentOfAll = useSyncExternalStore(outbox.subscribe, () => outbox.unsent);
  const unsent = useMemo(
    () =>
      withoutRows(
        unsentOfAll.filter(({ chatId }) => chatId === state.chat.id),
        state.messages,
      ),
    [unsentOfAll, state],
  );
  // As it was when the chat was opened.
  const [unread] = useState(() => firstUnread(state.messages, state.chat.unreadCount));
  const items = useMemo(() => threadItems(state, unsent, unread), [state, unsent, unread]);
  const byId = useMemo(
    () => new Map(state.messages.map((message) => [message.id, message])),
    [state.messages],
  );

  const stop = useThreadStop(items);
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(() => anchor === null || !isLoaded(state, anchor));
  const wasWhole = useRef(false);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 64,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: OVERSCAN,
    // What has the focus stays in the page, or the keys would lose it.
    rangeExtractor: (range) => rangeWith(range, stop.index),
    anchorTo: "end",
    // A page of newer messages is no news: the place stays.
    followOnAppend: wasWhole.current,
    scrollEndThreshold: NEAR_END_PX,
    paddingStart: 16,
    paddingEnd: 16,
  });
  useEffect(() => {
    wasWhole.current = !state.hasNewer;
  }, [state.hasNewer]);
  useEffect(() => forgetSizes(virtual.itemSizeCache, items), [virtual, items]);
  const { marked, lost, show, release } = useShownMessage({
    ...{ live, state, items, anchor, press, virtual },
    onShown: () => setAtEnd(isEndInView(scroller.current)),
  });
  useOwnSent(unsent, () => show("end"));
  const onScroll = useHeldEnd(scroller, isAtEnd, setAtEnd, () => virtual.scrollToEnd());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message may also come before the last one, which the list does not follow.
  useLayoutEffect(() => {
    if (isAtEnd && wasWhole.current && !virtual.isAtEnd()) virtual.scrollToEnd();
  }, [items]);

  const rows = virtual.getVirtualItems();
  const { startIndex: first, endIndex: last } = virtual.range ?? { startIndex: 0, endIndex: 0 };
  useEffect(() => {
    if (state.hasOlder && first < 6 + OVERSCAN) void live.loadMore("older");
    if (state.hasNewer && last > items.length - 6 - OVERSCAN) void live.loadMore("newer");
  }, [live, state, first, last, items.length]);
  const place = isAtEnd && !state.hasNewer ? null : firstMessage(items, first);
  useEffect(() => live.setPlace(place), [live, place]);

  const late = useHiddenLate(state, items, virtual);
  useMarkRead(state, isAtEnd && !state.hasNewer && late.length === 0);
  const newSince = useNewSince(state, isAtEnd);
  // Where the button leads to one that came late, it says so.
  const waiting = Math.max(late.length, newSince);

  // One message that comes is not to render all the others.
  const name = nameOfContact(state.chat.contact);
  const steadyShow = useSteady(show);
  const steadyTemplate = useSteady(onTemplate);
  const toEnd = () => show("end");
  const keys = useThreadKeys({
    ...{ scroller, items, virtual, stop, hasNewer: state.hasNewer, toEnd, onReply, onLeave },
  });
  const render = (item: ThreadItem) => {
    switch (item.kind) {
      case "day":
        return <p className={styles.day}>{formatDay(item.at, new Date(), language)}</p>;
      case "note":
        return <NoteBubble note={item.note} />;
      case "activity":
        return <ActivityLine activity={item.activity} />;
      case "unread":
        return <p className={styles.unread}>{strings.inbox.unread(item.count)}</p>;
      case "message": {
        const { message, isFirst, isLast } = item;
        const quoted =
          message.replyToMessageId === null ? null : (byId.get(message.replyToMessageId) ?? null);
        return (
          <MessageBubble
            {...{ message, name, quoted, isFirst, isLast, onReply }}
            isMarked={message.id === marked}
            onShow={steadyShow}
            onTemplate={steadyTemplate}
          />
        );
      }
      case "unsent":
        return <UnsentBubble unsent={item.unsent} onTemplate={onTemplate} />;
    }
  };

  const spoken = { messages: state.messages, seq: state.seq, unsent };
  return (
    <Photos messages={state.messages}>
      <div className={styles.frame}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the messages inside. */}
        <div
          ref={scroller}
          className={styles.scroller}
          onScroll={onScroll}
          onWheel={release}
          onPointerDown={release}
          onFocus={keys.onFocus}
          onBlur={keys.onBlur}
          onKeyDown={(event) => {
            release();
            keys.onKeyDown(event);
          }}
        >
          <ul className={styles.items} style={{ blockSize: virtual.getTotalSize() }}>
            {rows.map(({ index, key, start }) => {
              const item = items[index];
              return (
                item && (
                  <li
                    key={key}
                    ref={virtual.measureElement}
                    data-index={index}
                    {...(isWritten(item) && {
                      "data-message": true,
                      tabIndex: index === keys.tabStop ? 0 : -1,
                    })}
                    aria-setsize={state.hasOlder ? -1 : items.length}
                    aria-posinset={index + 1}
                    className={styles.item}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    {render(item)}
                  </li>
                )
              );
            })}
          </ul>
        </div>
        {(!isAtEnd || state.hasNewer || late.length > 0) && (
          <button
            type="button"
            className={`${styles.jump} ${late.length > 0 ? styles.up : ""}`}
            aria-label={waiting > 0 ? strings.inbox.newMessages(waiting) : strings.inbox.toEnd}
            // It goes once the end is in view: the focus stays where it is, in the composer of whoever writes.
            onMouseDown={(event) => event.preventDefault()}
            onClick={({ detail }) => {
              show(late[0] ?? "end");
              if (detail === 0) onLeave();
            }}
          >
            <Icon name="arrowDown" size={18} />
            {waiting > 0 && <span aria-hidden="true">{waiting}</span>}
          </button>
        )}
        <ThreadFailure
          side={lost === null ? view.failedSide : "message"}
          onRetry={() =>
            lost !== null ? show(lost) : view.failedSide && void live.loadMore(view.failedSide)
          }
        />
        <SpokenNews chat={spoken} />
        <SpokenFailures chat={spoken} />
      </div>
    </Photos>
  );
}

/** How many messages of the customer came since the end was last in view. */
function useNewSince({ messages, seq: head }: ChatState, isAtEnd: boolean): number {
  const seen = useRef(head);
  if (isAtEnd) seen.current = head;
  return messages.filter((message) => countsAsUnread(message) && message.seq > seen.current).length;
}

/** The id of the first message from there on. */
function firstMessage(items: readonly ThreadItem[], from: number): number | null {
  const item = items.slice(from).find(({ kind }) => kind === "message");
  return item?.kind === "message" ? item.message.id : null;
}
