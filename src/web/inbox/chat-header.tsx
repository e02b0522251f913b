import { useLocation, useSearch } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { formatPhone, nameOfContact } from "../models/format.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { Avatar } from "../parts/avatar.tsx";
import { IconButton } from "../parts/button.tsx";
import { useNow } from "../parts/hooks.ts";
import { Icon } from "../parts/icon.tsx";
import { NamedList } from "../parts/named-text.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { ChatActions } from "./chat-actions.tsx";
import styles from "./chat-header.module.css";
import { LabelChip } from "./label-chip.tsx";
import { usePhoneNames } from "./phone-names.ts";
import { TimeLeft } from "./time-left.tsx";
import { useLabelsOf } from "./use-labels.ts";

type ChatHeaderProps = {
  chat: Chat;
  viewers: string[];
  isDetailsOpen: boolean;
  /** They open as a dialog over the page, not beside the thread. */
  areDetailsOver: boolean;
  onToggleDetails(): void;
};

export function ChatHeader(props: ChatHeaderProps) {
  const { chat, viewers, isDetailsOpen, areDetailsOver, onToggleDetails } = props;
  const strings = useStrings();
  const [, navigate] = useLocation();
  const search = useSearch();
  const phones = usePhoneNames();
  const labels = useLabelsOf(chat.labelIds);
  const { contact } = chat;
  const name = nameOfContact(contact);
  const username = contact.username && `@${contact.username}`;
  // The phone, and the username of who shows none.
  const address = contact.phone ? formatPhone(contact.phone) : username;
  const place = phones.size > 1 ? phones.get(chat.organizationPhoneId) : null;
  return (
    <header className={styles.header}>
      <IconButton
        className={styles.back}
        icon="arrowLeft"
        label={strings.app.back}
        onClick={() => navigate(inboxAddress(search, null))}
      />
      <div className={styles.avatar}>
        <Avatar name={name} size={40} />
      </div>
      <div className={styles.who}>
        <h2 className={styles.name}>
          <bdi>{name}</bdi>
        </h2>
        <div className={styles.line}>
          <WindowPill expiresAt={chat.windowExpiresAt} />
          {viewers.length > 0 && (
            <p className={styles.viewers}>
              <NamedList names={viewers}>{strings.inbox.viewing}</NamedList>
            </p>
          )}
          {viewers.length === 0 && labels.length > 0 && (
            <span className={styles.labels}>
              {labels.map((label) => (
                <LabelChip key={label.id} label={label} />
              ))}
            </span>
          )}
          {viewers.length === 0 && labels.length === 0 && (
            <>
              {address !== null && address !== name && <bdi className={styles.phone}>{address}</bdi>}
              {place && <bdi className={styles.about}>{place}</bdi>}
            </>
          )}
        </div>
      </div>
      <ChatActions chat={chat} onDetails={onToggleDetails} />
      <IconButton
        className={styles.info}
        icon="info"
        label={isDetailsOpen ? strings.inbox.hideDetails : strings.inbox.showDetails}
        data-details
        {...(areDetailsOver ? { "aria-haspopup": "dialog" as const } : { "aria-pressed": isDetailsOpen })}
        onClick={onToggleDetails}
      />
    </header>
  );
}

/** How long free text can still be sent: the customer service window. */
function WindowPill({ expiresAt }: { expiresAt: string | null }) {
  const strings = useStrings();
  const now = useNow(10_000);
  const window = serviceWindowAt(expiresAt, now);
  const tone = window.kind === "open" ? window.urgency : window.kind;
  return (
    <span className={`${styles.window} ${styles[tone]}`}>
      <Icon name={window.kind === "open" ? "clock" : "lock"} size={14} />
      {window.kind === "open" && <TimeLeft window={window} />}
      {window.kind === "closed" && strings.inbox.windowOver}
      {window.kind === "unknown" && strings.inbox.windowUnknown}
    </span>
  );
}
