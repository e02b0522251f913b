import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import type { Contact } from "../../domain/chat.ts";
import { ApiError } from "../models/api.ts";
import { nameOfContact } from "../models/format.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { LiveChat } from "../models/live-chat.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useMediaQuery, useSteady } from "../parts/hooks.ts";
import { Late, LatePart } from "../parts/late.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useOthers } from "./agents.ts";
import { ChatHeader } from "./chat-header.tsx";
import { Composer } from "./composer.tsx";
import { ContactDetails } from "./contact-details.tsx";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import { LoadFailure } from "./load-failure.tsx";
import styles from "./open-chat.module.css";
import { Thread } from "./thread.tsx";
import { useCustomerTyping } from "./use-customer-typing.ts";
import { useReplyTo } from "./use-reply-to.ts";

const guardDialog = new LatePart(() => import("./guard-dialog.tsx"));
const templateDialog = new LatePart(() => import("./template-dialog.tsx"));

/** A row that is ahead of its thread for longer is no coincidence. */
const BEHIND_MS = 2_000;

/** The thread of one chat with its header, the composer, and the contact's details beside it or, on less room, over it. */
export function OpenChat({ chatId }: { chatId: number }) {
  const { api } = useServices();
  const [query] = useSearchParams();
  const anchor = /^\d{1,10}$/.test(query.get("message") ?? "") ? Number(query.get("message")) : null;
  const [live, setLive] = useState<LiveChat | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another anchor in the same chat does not open it anew.
  useEffect(() => {
    const made = new LiveChat(api, chatId, anchor);
    setLive(made);
    return () => made.close();
  }, [api, chatId]);
  const { renames } = useInbox();
  useEffect(() => {
    if (!live) return;
    const rename = (person: Contact) => live.rename(person);
    renames.add(rename);
    return () => {
      renames.delete(rename);
    };
  }, [live, renames]);
  const press = useHistoryState<unknown>();
  return live && <LoadedChat live={live} chatId={chatId} anchor={anchor} press={press} />;
}

type LoadedChatProps = {
  live: LiveChat;
  chatId: number;
  /** The message that the address names. */
  anchor: number | null;
  /** Another one shows the same message again. */
  press: unknown;
};

function LoadedChat({ live, chatId, anchor, press }: LoadedChatProps) {
  const strings = useStrings();
  const { list, outbox, connection: page } = useInbox();
  const unsent = useSyncExternalStore(outbox.subscribe, () => outbox.unsent);
  const movedOn = unsent.find((one) => one.chatId === chatId && one.problem?.code === "chat_moved_on");
  const sentId = unsent.findLast((one) => one.chatId === chatId)?.messageId ?? null;
  useEffect(() => {
    if (sentId !== null) live.followSent();
  }, [live, sentId]);
  const [restored, setRestored] = useState<string | null>(null);
  const others = useOthers();
  const [, navigate] = useLocation();
  const view = useSyncExternalStore(live.subscribe, () => live.view);
  const isWide = useMediaQuery("(width >= 1024px)");
  const leavesRoom = useMediaQuery("(width >= 1180px)");
  // Until they are asked for or closed they are there where the thread beside them is wide.
  const [isColumnOpen, openColumn] = useState<boolean | null>(null);
  const [isDrawerOpen, openDrawer] = useState(false);
  // A dialog opens when it is asked for, not because the window got smaller.
  useEffect(() => {
    if (isWide) openDrawer(false);
  }, [isWide]);
  const [isTemplateOpen, openTemplate] = useState(false);
  const { state, error } = view;
  const [replyTo, setReplyTo] = useReplyTo(state?.messages);
  const section = useRef<HTMLElement>(null);
  const chat = state?.chat ?? null;
  const showTyping = useCustomerTyping(chat);

  /** The text that is written, or what stands in its place. */
  const writing = () => lastIn(section.current, "textarea, [data-instead] button");
  const toComposer = () => writing()?.focus();
  useShortcut("composer", toComposer);
  const reply = useSteady((id: number) => {
    setReplyTo(id);
    toComposer();
  });
  useSelfCheck(live, chatId, state?.seq ?? null);
  const { connection, isCatchingUp } = view;
  // Its socket opens once the chat is loaded.
  const hasSocket = state !== null;
  useEffect(() => {
    page.set("chat", hasSocket ? { connection, isCatchingUp } : null);
  }, [page, hasSocket, connection, isCatchingUp]);
  useEffect(() => () => page.set("chat", null), [page]);
  useEffect(() => {
    if (!chat) return;
    list.apply(chat);
    // This chat's messages have moved to the other one.
    if (chat.mergedIntoId !== null)
      navigate(inboxAddress(location.search, chat.mergedIntoId), { replace: true });
  }, [chat, list, navigate]);

  if (error !== null)
    return (
      <div className={styles.thread}>
        <LoadError error={error} onRetry={() => live.reload(anchor)} />
      </div>
    );
  if (!state) return <div className={styles.thread} role="status" aria-label={strings.app.loading} />;

  /** To the chat's row, or to that of another where it is not loaded; on a phone, where the list is not there, to the list. */
  const onLeave = () => {
    const rows = ['[data-chats] a[aria-current="page"]', '[data-chats] [data-index] a[tabindex="0"]'];
    if (!rows.some((row) => focusIn(document.body, row))) navigate(inboxAddress(location.search, null));
  };
  const isDetailsOpen = isWide ? (isColumnOpen ?? leavesRoom) : isDrawerOpen;
  const showDetails = isWide ? openColumn : openDrawer;
  const over = isWide ? null : { returnTo: () => shownIn(section.current, "[data-details]") };
  return (
    <>
      <section
        ref={section}
        data-open-chat
        className={styles.thread}
        aria-label={strings.inbox.thread(nameOfContact(state.chat.contact))}
      >
        <ChatHeader
          chat={state.chat}
          viewers={others(view.viewers)}
          isDetailsOpen={isDetailsOpen}
          areDetailsOver={!isWide}
          onToggleDetails={() => showDetails(!isDetailsOpen)}
        />
        <Thread
          key={chatId}
          live={live}
          view={{ ...view, state }}
          anchor={anchor}
          press={press}
          onReply={reply}
          onTemplate={() => openTemplate(true)}
          onLeave={toComposer}
        />
        <Composer
          chat={state.chat}
          typing={others(view.typing)}
          seenSeq={state.seq}
          restored={restored}
          onRestored={() => setRestored(null)}
          replyTo={replyTo}
          onReplyDone={(done) => setReplyTo((now) => (now === done?.id ? null : now))}
          onTyping={(isTyping) => {
            live.typing(isTyping);
            list.presence.typing(isTyping);
            if (isTyping) showTyping();
          }}
          onTemplate={() => openTemplate(true)}
          onMessages={() => focusIn(section.current, "[data-message]")}
          onLeave={onLeave}
        />
      </section>
      {isDetailsOpen && <ContactDetails chat={state.chat} onClose={() => showDetails(false)} over={over} />}
      {movedOn && (
        <Late
          part={guardDialog}
          unsent={movedOn}
          onEdit={(text, id) => {
            setRestored(text);
            setReplyTo((now) => now ?? id);
          }}
          writing={writing}
        />
      )}
      {isTemplateOpen && (
        <Late
          part={templateDialog}
          organizationPhoneId={state.chat.organizationPhoneId}
          onSend={(content, shown) => {
            outbox.send(chatId, content, shown);
            openTemplate(false);
          }}
          onClose={() => openTemplate(false)}
        />
      )}
    </>
  );
}

/** The last element that matches. */
function lastIn(parent: HTMLElement | null, selector: string): HTMLElement | null {
  return [...(parent?.querySelectorAll<HTMLElement>(selector) ?? [])].at(-1) ?? null;
}

/** Focuses the last element that matches. False when there is none. */
function focusIn(parent: HTMLElement | null, selector: string): boolean {
  const element = lastIn(parent, selector);
  element?.focus();
  return element !== null;
}

/** The last element that matches and is not hidden. */
function shownIn(parent: HTMLElement | null, selector: string): HTMLElement | null {
  const elements = [...(parent?.querySelectorAll<HTMLElement>(selector) ?? [])];
  return elements.findLast((element) => element.checkVisibility()) ?? null;
}

function LoadError({ error, onRetry }: { error: unknown; onRetry(): Promise<unknown> }) {
  const strings = useStrings();
  const [, navigate] = useLocation();
  if (error instanceof ApiError && error.problem?.code === "not_found")
    return (
      <EmptyState icon="inbox" title={strings.inbox.noChat}>
        <Button onClick={() => navigate("/inbox")}>{strings.app.toInbox}</Button>
      </EmptyState>
    );
  return <LoadFailure error={error} onRetry={onRetry} />;
}

/** Has the thread catch up when the chat's row in the list has been ahead of it for a while: their sockets fail apart. */
function useSelfCheck(live: LiveChat, chatId: number, seq: number | null) {
  const { list } = useInbox();
  const head = useSyncExternalStore(list.subscribe, () => list.find(({ id }) => id === chatId)?.head ?? 0);
  const isBehind = seq !== null && head > seq;
  useEffect(() => {
    if (!isBehind) return;
    const timer = setInterval(() => live.catchUp(), BEHIND_MS);
    return () => clearInterval(timer);
  }, [live, isBehind]);
}
