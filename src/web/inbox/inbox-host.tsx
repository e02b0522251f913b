import { useQueryClient } from "@tanstack/react-query";
import { use, useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { AttachmentDrafts } from "../models/attachment-drafts.ts";
import { nameOfContact } from "../models/format.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { KeyCommands } from "../models/key-commands.ts";
import { LiveInbox } from "../models/live-inbox.ts";
import { Notifier } from "../models/notifier.ts";
import { Outbox } from "../models/outbox.ts";
import { PageConnection } from "../models/page-connection.ts";
import { isOn, SINGLE_KEYS } from "../models/preferences.ts";
import { previewText } from "../models/preview-text.ts";
import { VoiceDrafts } from "../models/voice-drafts.ts";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { WaitingContext } from "../parts/use-title.ts";
import { hasAlarms, useMe } from "./agents.ts";
import { ConnectionDot } from "./connection-dot.tsx";
import { type Inbox, InboxContext } from "./inbox-context.tsx";
import { useFilter } from "./use-filter.ts";
import { LABELS } from "./use-labels.ts";

type InboxHostProps = { onInbox(inbox: Inbox): void; onWaiting(waiting: number): void };

/** The connection's dot; keeps the list, the outbox and the notifier of the signed-in agent, and the tab's icon. */
export default function InboxHost({ onInbox, onWaiting }: InboxHostProps) {
  const { api, store } = useServices();
  const { session } = useSignIn();
  const strings = useStrings();
  const filter = useFilter();
  const queries = useQueryClient();
  const owner = `${session?.organization}.${session?.sub}`;
  const inbox = use(InboxContext);
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
    const connection = new PageConnection();
    const report = () => connection.set("list", list.view);
    report();
    list.subscribe(report);
    const outbox = new Outbox(api, store, owner);
    const keys = new KeyCommands(() => isOn(store, SINGLE_KEYS));
    onInbox({
      ...{ list, outbox, keys, notifier, connection, renames, owner },
      wantsComposer: { current: false },
      scrolls: new Map(),
      voiceDrafts: new VoiceDrafts(),
      attachmentDrafts: new AttachmentDrafts(),
      draftReaders: new Set(),
    });
    return () => {
      list.close();
      connection.close();
      outbox.close();
      keys.close();
      notifier.close();
    };
  }, [api, store, owner, queries, onInbox]);
  const me = useMe()?.agent.id;
  useEffect(() => {
    if (me !== undefined) inbox?.list.setMe(me);
  }, [inbox, me]);

  const list = inbox?.list;
  useEffect(() => {
    if (!list) return;
    const count = () => onWaiting(list.view.waiting);
    count();
    return list.subscribe(count);
  }, [list, onWaiting]);
  const hasWaiting = use(WaitingContext) > 0;
  useEffect(() => {
    if (!hasWaiting) return;
    const icon = document.querySelector('link[rel="icon"]');
    icon?.setAttribute("href", "/icon-unread.svg");
    return () => icon?.setAttribute("href", "/icon.svg");
  }, [hasWaiting]);
  return inbox && <ConnectionDot connection={inbox.connection} />;
}
