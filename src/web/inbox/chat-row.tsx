import { memo, useSyncExternalStore } from "react";
import { Link } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { isMentioned } from "../models/chat-list.ts";
import { formatMoment, nameOfContact } from "../models/format.ts";
import { previewText } from "../models/preview-text.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { Avatar, initialsOf } from "../parts/avatar.tsx";
import { useMediaQuery } from "../parts/hooks.ts";
import { Icon } from "../parts/icon.tsx";
import { NamedList } from "../parts/named-text.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { Tick, tickLabel } from "../parts/tick.tsx";
import { useAgentName, useMe, useOthers } from "./agents.ts";
import styles from "./chat-row.module.css";
import { useInbox } from "./inbox-context.tsx";
import { LabelChip } from "./label-chip.tsx";
import { usePhoneNames } from "./phone-names.ts";
import { TimeLeft } from "./time-left.tsx";
import { useLabelsOf } from "./use-labels.ts";

type ChatRowProps = { chat: Chat; now: number; isOpen: boolean; isInTabOrder: boolean; href: string };

/** One chat of the list: who, what was said last and by whom, when, and how much is unread, how long free text can be sent; and the colleagues who are there. */
export const ChatRow = memo(function ChatRow({ chat, now, isOpen, isInTabOrder, href }: ChatRowProps) {
  const { language, strings } = useLanguage();
  const {
    wantsComposer,
    list: { presence },
  } = useInbox();
  const there = useSyncExternalStore(presence.subscribe, () => presence.of(chat.id));
  const others = useOthers();
  const [viewers, typing] = [others(there.viewers), others(there.typing)];
  const assignee = useAgentName()(chat.assigneeId);
  const labels = useLabelsOf(chat.labelIds);
  const phones = usePhoneNames();
  const place = phones.size > 1 ? phones.get(chat.organizationPhoneId) : undefined;
  const hasMouse = useMediaQuery("(pointer: fine)");
  const { contact, lastMessage, unreadCount } = chat;
  const name = nameOfContact(contact);
  const window = serviceWindowAt(chat.windowExpiresAt, now);
  const me = useMe()?.agent.id ?? null;
  const isFailed = lastMessage?.status === "failed";
  return (
    <Link
      href={href}
      className={styles.row ?? ""}
      tabIndex={isInTabOrder ? 0 : -1}
      aria-current={isOpen ? "page" : undefined}
      draggable={false}
      // A click is meant to answer; a key moves on, and a soft keyboard would cover the chat.
      onClick={({ detail }) => {
        const isToAnswer = detail > 0 && hasMouse;
        // A composer that is there already asks for nothing.
        const openChat = isOpen ? document.querySelector("[data-open-chat]") : null;
        if (!openChat) wantsComposer.current = isToAnswer;
        else if (isToAnswer) openChat.querySelector("textarea")?.focus();
      }}
    >
      <Avatar name={name} size={44} />
      <span className={styles.lines}>
        <span className={styles.line}>
          <bdi className={`${styles.name} ${unreadCount > 0 ? styles.strong : ""}`}>{name}</bdi>
          {viewers.length > 0 && (
            <span className={styles.viewers} title={strings.inbox.openAt(viewers.join(", "))}>
              <Icon name="eye" size={14} />
              <span className={styles.viewer} aria-hidden="true">
                <NamedList names={viewers}>{(names) => names}</NamedList>
              </span>
              <span className="hidden-text">
                <NamedList names={viewers}>{strings.inbox.openAt}</NamedList>
              </span>
            </span>
          )}
          {lastMessage && (
            <time className={styles.time} dateTime={lastMessage.createdAt}>
              {formatMoment(lastMessage.createdAt, new Date(now), language)}
            </time>
          )}
        </span>
        <span className={styles.line}>
          {typing.length > 0 ? (
            <span className={styles.typing}>
              <NamedList names={typing}>{strings.inbox.typing}</NamedList>
            </span>
          ) : (
            <span className={styles.preview}>
              {lastMessage?.status && (
                <Tick status={lastMessage.status} label={tickLabel(lastMessage.status, strings)} />
              )}
              {isFailed && <span className={styles.failed}>{strings.inbox.notSent}</span>}
              <span className={styles.text}>
                {lastMessage?.fromMe && !isFailed && <span>{strings.inbox.you} </span>}
                <bdi>{previewText(lastMessage, strings.inbox)}</bdi>
              </span>
            </span>
          )}
          {window.kind === "open" && (
            <span className={`${styles.window} ${styles[window.urgency]}`}>
              <Icon name="clock" size={12} />
              <TimeLeft window={window} />
            </span>
          )}
          {assignee !== null && (
            <span
              className={styles.assignee}
              role="img"
              aria-label={strings.activity.assignee(assignee)}
              title={assignee}
            >
              {initialsOf(assignee)}
            </span>
          )}
          {isMentioned(chat, me) && (
            <span className={styles.badge} title={strings.note.mentionsYou}>
              <span aria-hidden="true">@</span>
              <span className="hidden-text">{strings.note.mentionsYou}</span>
            </span>
          )}
          {unreadCount > 0 && (
            <span className={styles.badge}>
              <span aria-hidden="true">{unreadCount > 99 ? "99+" : unreadCount}</span>
              <span className="hidden-text">{strings.inbox.unread(unreadCount)}</span>
            </span>
          )}
        </span>
        {(labels.length > 0 || place) && (
          <span className={styles.labels}>
            {place && <bdi className={styles.place}>{place}</bdi>}
            {labels.map((label) => (
              <LabelChip key={label.id} label={label} />
            ))}
          </span>
        )}
      </span>
    </Link>
  );
});
