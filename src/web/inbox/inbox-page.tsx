import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useParams, useSearchParams } from "wouter";
import { AttachmentDrafts } from "../models/attachment-drafts.ts";
import { type ChatFilter, chatViews, MENTIONED } from "../models/chat-list.ts";
import { nameOfContact } from "../models/format.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { KeyCommands } from "../models/key-commands.ts";
import { LiveInbox } from "../models/live-inbox.ts";
import { Notifier } from "../models/notifier.ts";
import { Outbox } from "../models/outbox.ts";
import { isOn, SINGLE_KEYS } from "../models/preferences.ts";
import { previewText } from "../models/preview-text.ts";
import { VoiceDrafts } from "../models/voice-drafts.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { useIsVisible, useMediaQuery } from "../parts/hooks.ts";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useMe } from "./agents.ts";
import { AlarmBanners, hasAlarms } from "./alarm-banners.tsx";
import { ChatList } from "./chat-list.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import styles from "./inbox.module.css";
import { type Inbox, InboxContext, useShortcut } from "./inbox-context.tsx";
import { OpenChat } from "./open-chat.tsx";
import { TabTitle } from "./tab-title.tsx";
import { LABELS } from "./use-labels.ts";

const KeysDialog = lazy(() => import("./keys-dialog.tsx"));

/** `/inbox` and `/inbox/:chatId`: the list, the open chat and its details; on a phone the list or the chat. */
export default function InboxPage() {
  const { api, store } = useServices();
  const { session } = useSignIn();
  const strings = useStrings();
  const { chatId } = useParams<{ chatId?: string }>();
  const openId = /^\d{1,10}$/.test(chatId ?? "") ? Number(chatId) : null;
  const isNarrow = useMediaQuery("(width < 720px)");
  const filter = useFilter();
  const queries = useQueryClient();
  const owner = `${session?.organization}.${session?.sub}`;

  const [inbox, setInbox] = useState<Inbox | null>(null);
  const wantsComposer = useRef(false);
  // In memory alone: a name or a phone does not belong into the browser's history.
  const [wanted, setWanted] = useState("");
  const [, navigate] = useLocation();
  const latest = useRef({ strings, navigate });
  latest.current = { strings, navigate };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed filter does not need another socket.
  useEffect(() => {
    const notifier = new Notifier({
      store,
      describe: (chat, alert, isHidden) => {
        const { app, inbox, note, settings } = latest.current.strings;
        const message = isHidden ? settings.newMessage : previewText(chat.lastMessage, inbox);
        return {
          chatId: chat.id,
          title: isHidden ? app.name : nameOfContact(chat.contact),
          text: alert === "mention" ? note.mentionsYou : message,
        };
      },
      onOpen: (id) => latest.current.navigate(inboxAddress(location.search, id)),
    });
    const renames: Inbox["renames"] = new Set();
    const list = new LiveInbox(
      api,
      filter,
      (chat, news) => {
        if (news === "name") for (const rename of renames) rename(chat.contact);
        else void notifier.announce(chat, news);
      },
      () => void queries.invalidateQueries({ predicate: ({ queryKey }) => hasAlarms(queryKey) }),
      () => void queries.invalidateQueries({ queryKey: LABELS }),
    );
    const outbox = new Outbox(api, store, owner);
    const keys = new KeyCommands(() => isOn(store, SINGLE_KEYS));
    setInbox({
      ...{ list, outbox, keys, notifier, renames, owner, wantsComposer },
      scrolls: new Map(),
      voiceDrafts: new VoiceDrafts(),
      attachmentDrafts: new AttachmentDrafts(),
    });
    return () => {
      list.close();
      outbox.close();
      keys.close();
      notifier.close();
    };
  }, [api, store, owner, queries]);
  useEffect(() => inbox?.list.setFilter(filter), [inbox, filter]);
  const me = useMe()?.agent.id;
  useEffect(() => {
    if (me !== undefined) inbox?.list.setMe(me);
  }, [inbox, me]);

  if (!inbox) return null;
  return (
    <InboxContext value={inbox}>
      <div className={styles.page}>
        <TabTitle />
        <AlarmBanners openId={openId} />
        {isNarrow && openId !== null && <ConnectionBanner />}
        <div className={styles.panes}>
          {(!isNarrow || openId === null) && (
            <ChatList openId={openId} filter={filter} wanted={wanted} onWanted={setWanted} />
          )}
          <Front notifier={inbox.notifier} openId={openId} />
          {openId !== null && <OpenChat key={openId} chatId={openId} />}
          {openId === null && !isNarrow && (
            <div className={styles.nothing}>
              <EmptyState icon="inbox" title={strings.inbox.choose} hint={strings.inbox.chooseHint} />
            </div>
          )}
        </div>
      </div>
      <Help />
    </InboxContext>
  );
}

/** Which chat the agent has before them, so that it is not announced. */
function Front({ notifier, openId }: { notifier: Notifier; openId: number | null }) {
  const isVisible = useIsVisible();
  useEffect(() => notifier.setFront(isVisible ? openId : null), [notifier, isVisible, openId]);
  return null;
}

function Help() {
  const [isOpen, setOpen] = useState(false);
  useShortcut("help", () => setOpen(true));
  if (!isOpen) return null;
  return (
    <Suspense>
      <KeysDialog onClose={() => setOpen(false)} />
    </Suspense>
  );
}

const VIEWS = [...chatViews, MENTIONED] as const;
const STATUSES = ["open", "snoozed", "closed", "all"] as const;

/** The filters are in the address, so that they survive a reload and can be bookmarked. */
function useFilter(): ChatFilter {
  const [query] = useSearchParams();
  const status = STATUSES.find((known) => known === query.get("status")) ?? "open";
  const view = VIEWS.find((known) => known === query.get("view")) ?? "all";
  const organizationPhoneId = idIn(query, "number");
  const labelId = idIn(query, "label");
  const isUnreadOnly = query.has("unread");
  return useMemo(
    () => ({ view, status, organizationPhoneId, isUnreadOnly, labelId }),
    [view, status, organizationPhoneId, isUnreadOnly, labelId],
  );
}

function idIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? "";
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
