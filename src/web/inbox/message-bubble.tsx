import { memo, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { formatTime, nameOfAuthor, nameOfMember } from "../models/format.ts";
import { lateBy } from "../models/late-arrival.ts";
import { previewText } from "../models/preview-text.ts";
import { formatLeft } from "../models/service-window.ts";
import { toneOf } from "../parts/avatar.tsx";
import { Notice } from "../parts/notice.tsx";
import { useSignIn } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { Tick, tickLabel } from "../parts/tick.tsx";
import type { Strings } from "../strings/strings.ts";
import styles from "./message-bubble.module.css";
import { MessageContent } from "./message-content.tsx";
import { MessageFailure } from "./message-failure.tsx";
import { MessageMenu } from "./message-menu.tsx";

type MessageBubbleProps = {
  message: Message;
  /** The contact's. */
  name: string;
  /** The message that this one replies to; null when it is not loaded. */
  quoted: Message | null;
  isFirst: boolean;
  isLast: boolean;
  /** It was just brought into view, by a search or a quote. */
  isMarked: boolean;
  onReply(id: number): void;
  onShow(id: number): void;
  onTemplate(): void;
};

export const MessageBubble = memo(function MessageBubble(props: MessageBubbleProps) {
  const { message, name, quoted, isFirst, isLast, isMarked, onReply, onShow, onTemplate } = props;
  const { language, strings } = useLanguage();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { fromMe, status, content, revokedAt, reactions } = message;
  const time = formatTime(message.createdAt, language);
  const late = lateBy(message);
  const { session } = useSignIn();
  const origin = fromMe ? originOf(message, session?.sub, strings) : null;
  const sender = fromMe || !content?.sender ? null : nameOfMember(content.sender);
  const isReply = message.replyToMessageId !== null || (content?.context?.wamid ?? null) !== null;
  const sides = `${fromMe ? styles.outgoing : styles.incoming} ${isFirst ? styles.first : ""} ${isLast ? styles.last : ""}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the ⋮ button does the same.
    <div
      className={`${styles.row} ${sides} ${isMenuOpen ? styles.active : ""} ${isMarked ? styles.marked : ""}`}
      // A long press is what the ⋮ button is.
      onContextMenu={(event) => {
        if (revokedAt !== null || !matchMedia("(pointer: coarse)").matches) return;
        event.preventDefault();
        setMenuOpen(true);
      }}
    >
      <div className={styles.bubble} dir="auto">
        <Author name={fromMe ? origin : sender} isMember={sender !== null} isShown={isFirst}>
          {fromMe ? strings.inbox.you : name}
        </Author>
        {content?.context?.forwarded && <p className={styles.note}>{strings.inbox.forwarded}</p>}
        {content?.referral && (
          <p className={styles.note}>
            {strings.inbox.fromAd}: {content.referral.headline ?? content.referral.text}
          </p>
        )}
        {isReply && revokedAt === null && (
          <Quote quoted={quoted} id={message.replyToMessageId} name={name} onShow={onShow} />
        )}
        {revokedAt === null ? (
          <MessageContent message={message} />
        ) : (
          <p className={styles.revoked}>{strings.inbox.revoked}</p>
        )}
        <span className={styles.meta}>
          {late !== null && (
            <span className={styles.late}>{strings.inbox.arrivedLate(formatLeft(late, strings.inbox))}</span>
          )}
          {message.editedAt !== null && revokedAt === null && <span>{strings.inbox.edited}</span>}
          <time dir="ltr" dateTime={message.createdAt}>
            {time}
          </time>
          {fromMe && status && <Tick status={status} label={`${tickLabel(status, strings)}, ${time}`} />}
        </span>
        {reactions.length > 0 && (
          <ul className={styles.reactions} aria-label={strings.inbox.reactions}>
            {reactions.map(({ emoji, fromMe, sender }) => (
              <li key={`${fromMe} ${sender}`}>{emoji}</li>
            ))}
          </ul>
        )}
      </div>
      {revokedAt === null && (
        <MessageMenu
          message={message}
          isOpen={isMenuOpen}
          onReply={() => onReply(message.id)}
          onOpenChange={setMenuOpen}
          onProblem={setProblem}
        />
      )}
      <MessageFailure message={message} onTemplate={onTemplate} />
      {problem && (
        <div className={styles.failure}>
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        </div>
      )}
    </div>
  );
});

/** Who wrote it, if not the reader: a colleague or a program by the name of its token, or somebody with the phone's own app. */
function originOf({ sentBy }: Message, sub: string | undefined, strings: Strings): string | null {
  if (!sentBy) return strings.inbox.fromPhone;
  return sentBy.sub === sub ? null : sentBy.name;
}

type AuthorProps = {
  /** A colleague, or a member of the group; null for the agent who reads and the customer, whom the side of the bubble shows. */
  name: string | null;
  isMember: boolean;
  isShown: boolean;
  /** What a screen reader says where no name is shown. */
  children: string;
};

/** Who wrote it: by name above the first bubble of a row, and for a screen reader at each. */
function Author({ name, isMember, isShown, children }: AuthorProps) {
  if (name === null || !isShown) return <bdi className="hidden-text">{name ?? children}</bdi>;
  return (
    <p className={isMember ? `${styles.sender} ${toneOf(name)}` : styles.origin}>
      <bdi>{name}</bdi>
    </p>
  );
}

type QuoteProps = {
  /** Null when it is not loaded. */
  quoted: Message | null;
  /** Null when it was never stored. */
  id: number | null;
  name: string;
  onShow(id: number): void;
};

function Quote({ quoted, id, name, onShow }: QuoteProps) {
  const { strings } = useLanguage();
  if (!quoted && id !== null)
    return (
      <button type="button" className={styles.quote} onClick={() => onShow(id)}>
        {strings.inbox.quoteEarlier}
      </button>
    );
  if (!quoted) return <p className={styles.quote}>{strings.inbox.quoteMissing}</p>;
  return (
    <button type="button" className={styles.quote} onClick={() => onShow(quoted.id)}>
      <bdi className={styles.quoteName}>
        {quoted.fromMe ? strings.inbox.you.replace(":", "") : nameOfAuthor(quoted, name)}
      </bdi>
      <span className={styles.quoteText}>{previewText(quoted, strings.inbox)}</span>
    </button>
  );
}
