import { useEffect, useMemo, useState } from "react";
import { useParams, useSearchParams } from "wouter";
import type { ChatFilter } from "../models/chat-list.ts";
import { LiveInbox } from "../models/live-inbox.ts";
import { Outbox } from "../models/outbox.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { useMediaQuery } from "../parts/hooks.ts";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { ChatList } from "./chat-list.tsx";
import styles from "./inbox.module.css";
import { InboxContext } from "./inbox-context.tsx";
import { OpenChat } from "./open-chat.tsx";

/** `/inbox` and `/inbox/:chatId`: the list, the open chat and its details; on a phone the list or the chat. */
export default function InboxPage() {
  const { api, store } = useServices();
  const { session } = useSignIn();
  const strings = useStrings();
  const { chatId } = useParams<{ chatId?: string }>();
  const openId = /^\d{1,10}$/.test(chatId ?? "") ? Number(chatId) : null;
  const isNarrow = useMediaQuery("(width < 720px)");
  const filter = useFilter();
  const owner = `${session?.organization}.${session?.sub}`;

  const [inbox, setInbox] = useState<{ list: LiveInbox; outbox: Outbox; owner: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed filter does not need another socket.
  useEffect(() => {
    const made = { list: new LiveInbox(api, filter), outbox: new Outbox(api, store, owner), owner };
    setInbox(made);
    return () => {
      made.list.close();
      made.outbox.close();
    };
  }, [api, store, owner]);
  useEffect(() => inbox?.list.setFilter(filter), [inbox, filter]);

  if (!inbox) return null;
  return (
    <InboxContext value={inbox}>
      <div className={styles.panes}>
        {(!isNarrow || openId === null) && <ChatList openId={openId} filter={filter} />}
        {openId !== null && <OpenChat key={openId} chatId={openId} />}
        {openId === null && !isNarrow && (
          <div className={styles.nothing}>
            <EmptyState icon="inbox" title={strings.inbox.choose} hint={strings.inbox.chooseHint} />
          </div>
        )}
      </div>
    </InboxContext>
  );
}

const STATUSES = ["open", "snoozed", "closed"] as const;

/** The filters are in the address, so that they survive a reload and can be bookmarked. */
function useFilter(): ChatFilter {
  const [query] = useSearchParams();
  const status = STATUSES.find((known) => known === query.get("status")) ?? "all";
  const phone = query.get("number") ?? "";
  const organizationPhoneId = /^\d{1,10}$/.test(phone) ? Number(phone) : null;
  const isUnreadOnly = query.has("unread");
  return useMemo(
    () => ({ status, organizationPhoneId, isUnreadOnly }),
    [status, organizationPhoneId, isUnreadOnly],
  );
}
