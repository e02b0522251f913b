import { useState } from "react";
import { Link } from "wouter";
import type { FoundMessage } from "../../domain/found-message.ts";
import { formatMoment, nameOfContact } from "../models/format.ts";
import { markedParts } from "../models/marked-text.ts";
import { Avatar } from "../parts/avatar.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import row from "./chat-row.module.css";
import styles from "./message-hit.module.css";

type MessageHitProps = {
  hit: FoundMessage;
  now: number;
  isOpen: boolean;
  isInTabOrder: boolean;
  href: string;
};

/** One found message: whose chat, when, and what was found in it. Each press shows it anew, also where its chat is open. */
export function MessageHit({
  hit: { message, chat, snippet },
  now,
  isOpen,
  isInTabOrder,
  href,
}: MessageHitProps) {
  const { language, strings } = useLanguage();
  const [presses, setPresses] = useState(1);
  const name = nameOfContact(chat.contact);
  let at = 0;
  return (
    <Link
      href={href}
      state={presses}
      onClick={() => setPresses(presses + 1)}
      className={row.row ?? ""}
      tabIndex={isInTabOrder ? 0 : -1}
      aria-current={isOpen ? "page" : undefined}
      draggable={false}
    >
      <Avatar name={name} size={44} />
      <span className={row.lines}>
        <span className={row.line}>
          <bdi className={row.name}>{name}</bdi>
          <time className={row.time} dateTime={message.createdAt}>
            {formatMoment(message.createdAt, new Date(now), language)}
          </time>
        </span>
        <span className={styles.snippet}>
          {message.fromMe && `${strings.inbox.you} `}
          <bdi>
            {markedParts(snippet).map(({ text, isMarked }) => {
              const key = at;
              at += text.length;
              return isMarked ? <mark key={key}>{text}</mark> : text;
            })}
          </bdi>
        </span>
      </span>
    </Link>
  );
}
