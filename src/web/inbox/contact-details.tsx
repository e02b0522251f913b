import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import type { Chat } from "../../domain/chat.ts";
import { formatDateTime, formatPhone, nameOfContact } from "../models/format.ts";
import { serviceWindowAt } from "../models/service-window.ts";
import { Avatar } from "../parts/avatar.tsx";
import { IconButton } from "../parts/button.tsx";
import { useNow } from "../parts/hooks.ts";
import { useLanguage, useStrings } from "../parts/strings-context.tsx";
import { ChatLabels } from "./chat-labels.tsx";
import styles from "./contact-details.module.css";
import { ContactIdentities } from "./contact-identities.tsx";
import { ContactName } from "./contact-name.tsx";
import { usePhoneNames } from "./phone-names.ts";

type ContactDetailsProps = {
  chat: Chat;
  onClose(): void;
  /** Where there is no room for a column they lie over the page, as a dialog; what has the focus once it is closed. */
  over: { returnTo(): HTMLElement | null } | null;
};

/** Who the customer is, and how the chat stands. */
export function ContactDetails({ chat, onClose, over }: ContactDetailsProps) {
  const { details } = useStrings().inbox;
  if (!over)
    return (
      <aside className={styles.pane} aria-label={details}>
        <Details chat={chat} onClose={onClose} heading={<h2 className={styles.heading}>{details}</h2>} />
      </aside>
    );
  const heading = <Dialog.Title className={styles.heading}>{details}</Dialog.Title>;
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={`${styles.pane} ${styles.drawer}`} finalFocus={over.returnTo}>
          <Details chat={chat} onClose={onClose} heading={heading} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type DetailsProps = { chat: Chat; onClose(): void; heading: ReactNode };

function Details({ chat, onClose, heading }: DetailsProps) {
  const { language, strings } = useLanguage();
  const phones = usePhoneNames();
  const { contact, organizationPhoneId, windowExpiresAt, status } = chat;
  const texts = strings.details;
  const name = nameOfContact(contact);
  const isOver = serviceWindowAt(windowExpiresAt, useNow(60_000)).kind === "closed";
  const moment = (at: string) => formatDateTime(at, language);
  return (
    <>
      <header className={styles.header}>
        {heading}
        <IconButton icon="close" label={strings.inbox.hideDetails} onClick={onClose} />
      </header>
      <div className={styles.who}>
        <Avatar name={name} size={72} />
        <ContactName contact={contact} />
      </div>
      <ChatLabels chat={chat} />
      <dl className={styles.facts}>
        {contact.phone && <Fact label={texts.phone}>{formatPhone(contact.phone)}</Fact>}
        {contact.username && (
          <Fact label={texts.username}>
            <bdi>@{contact.username}</bdi>
          </Fact>
        )}
        {contact.userId && <Fact label={texts.userId}>{contact.userId}</Fact>}
        <Fact label={texts.number}>
          <bdi>{phones.get(organizationPhoneId) ?? strings.inbox.numberWithId(organizationPhoneId)}</bdi>
        </Fact>
        <Fact label={texts.status}>{texts.statuses[status]}</Fact>
        <Fact label={texts.window}>
          {windowExpiresAt === null
            ? texts.windowNever
            : (isOver ? texts.windowEnded : texts.windowUntil)(moment(windowExpiresAt))}
        </Fact>
        {contact.marketingStoppedAt && (
          <Fact label={texts.marketing}>{texts.marketingStopped(moment(contact.marketingStoppedAt))}</Fact>
        )}
        {contact.blockedAt && <Fact label={texts.blocked}>{moment(contact.blockedAt)}</Fact>}
      </dl>
      {!contact.isGroup && <ContactIdentities contact={contact} />}
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
