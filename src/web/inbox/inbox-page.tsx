import { use, useEffect, useState } from "react";
import { useParams } from "wouter";
import { EmptyState } from "../parts/empty-state.tsx";
import { useIsVisible, useMediaQuery } from "../parts/hooks.ts";
import { Late, LatePart } from "../parts/late.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useTitle } from "../parts/use-title.ts";
import { AlarmBanners } from "./alarm-banners.tsx";
import { ChatList } from "./chat-list.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import styles from "./inbox.module.css";
import { type Inbox, InboxContext, useShortcut } from "./inbox-context.tsx";
import { OpenChat } from "./open-chat.tsx";
import { useFilter } from "./use-filter.ts";

const keysDialog = new LatePart(() => import("./keys-dialog.tsx"));

/** `/inbox` and `/inbox/:chatId`: the list, the open chat and its details; on a phone the list or the chat. */
export default function InboxPage() {
  const strings = useStrings();
  const { chatId } = useParams<{ chatId?: string }>();
  const openId = /^\d{1,10}$/.test(chatId ?? "") ? Number(chatId) : null;
  const isNarrow = useMediaQuery("(width < 720px)");
  const filter = useFilter();
  const inbox = use(InboxContext);
  // In memory alone: a name or a phone does not belong into the browser's history.
  const [wanted, setWanted] = useState("");
  useEffect(() => inbox?.list.setFilter(filter), [inbox, filter]);

  if (!inbox) return null;
  return (
    <>
      <div className={styles.page}>
        <Title />
        <AlarmBanners openId={openId} />
        {isNarrow && openId !== null && <ConnectionBanner />}
        <div className={styles.panes}>
          {(!isNarrow || openId === null) && (
            <ChatList openId={openId} filter={filter} wanted={wanted} onWanted={setWanted} />
          )}
          <Front inbox={inbox} openId={openId} />
          {openId !== null && <OpenChat key={openId} chatId={openId} />}
          {openId === null && !isNarrow && (
            <div className={styles.nothing}>
              <EmptyState icon="inbox" title={strings.inbox.choose} hint={strings.inbox.chooseHint} />
            </div>
          )}
        </div>
      </div>
      <Help />
    </>
  );
}

/** Which chat the agent has before them: it is not announced, and colleagues see it in their lists. */
function Front({ inbox: { notifier, list }, openId }: { inbox: Inbox; openId: number | null }) {
  const isVisible = useIsVisible();
  useEffect(() => {
    const set = (chatId: number | null) => {
      notifier.setFront(chatId);
      list.presence.setFront(chatId);
    };
    set(isVisible ? openId : null);
    return () => set(null);
  }, [notifier, list, isVisible, openId]);
  return null;
}

/** Apart, since it is rendered with each count. */
function Title() {
  useTitle(useStrings().inbox.title);
  return null;
}

function Help() {
  const [isOpen, setOpen] = useState(false);
  useShortcut("help", () => setOpen(true));
  if (!isOpen) return null;
  return <Late part={keysDialog} onClose={() => setOpen(false)} />;
}
