import type { Message } from "../../domain/message.ts";
import type { Money } from "../../domain/message-content.ts";
import { formatMoney } from "../models/format.ts";
import { bodyText } from "../models/preview-text.ts";
import { Icon } from "../parts/icon.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import type { Language } from "../strings/strings.ts";
import { MediaView } from "./media-view.tsx";
import styles from "./message-content.module.css";
import { RichText } from "./rich-text.tsx";

/** What a message holds. Every type has a readable `body`; some are shown as more than that. */
export function MessageContent({ message }: { message: Message }) {
  const { language, strings } = useLanguage();
  const { content, media } = message;
  const body = bodyText(message, strings.inbox);
  switch (content?.type) {
    case "image":
    case "video":
    case "audio":
    case "sticker":
    case "document":
      return (
        <>
          {media ? (
            <MediaView messageId={message.id} media={media} content={content} />
          ) : (
            <RichText text={body} />
          )}
          {media && content.caption && <RichText text={content.caption} />}
        </>
      );
    case "location": {
      const { latitude, longitude, name, address } = content;
      return (
        <div className={styles.card}>
          <Icon name="pin" size={22} />
          <div>
            <p className={styles.strong}>
              <bdi>{name ?? body}</bdi>
            </p>
            {address && <p className={styles.muted}>{address}</p>}
            {latitude !== null && longitude !== null && (
              <a
                href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
                target="_blank"
                rel="noopener noreferrer nofollow"
              >
                {strings.inbox.openMap}
              </a>
            )}
          </div>
        </div>
      );
    }
    case "contacts":
      return content.contacts.map(({ name, phones, emails }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no other name.
        <div key={i} className={styles.card}>
          <Icon name="user" size={22} />
          <div>
            <p className={styles.strong}>
              <bdi>{name}</bdi>
            </p>
            {phones.map(({ phone }) => phone && <p key={phone}>{phone}</p>)}
            {emails.map(({ email }) => email && <p key={email}>{email}</p>)}
          </div>
        </div>
      ));
    case "order":
      if (content.items.length === 0) return <RichText text={body} />;
      return (
        <div className={styles.card}>
          <Icon name="cart" size={22} />
          <div>
            {content.text && <RichText text={content.text} />}
            <ul>
              {content.items.map(({ productId, quantity, price, currency }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one product may be on two lines.
                <li key={i}>
                  {quantity !== null && `${quantity} × `}
                  {productId ?? "—"}
                  {price !== null && ` · ${formatMoney(price, currency, language)}`}
                </li>
              ))}
            </ul>
            <p className={styles.strong}>{orderTotal(content.total, language)}</p>
          </div>
        </div>
      );
    case "interactive":
      return (
        <>
          <RichText text={[content.header?.text, content.text].filter(Boolean).join("\n") || body} />
          {content.footer && <p className={styles.muted}>{content.footer}</p>}
          {content.choices.length > 0 && (
            <ul className={styles.choices}>
              {content.choices.map(({ id, title }) => (
                <li key={id}>{title}</li>
              ))}
            </ul>
          )}
        </>
      );
    case "call":
      return (
        <>
          <p className={styles.line}>
            <Icon name="phone" size={18} /> {body}
          </p>
          {message.callFiles.map((file) => (
            <MediaView
              key={file.id}
              messageId={message.id}
              media={file}
              content={{ type: file.kind === "recording" ? "audio" : "document", caption: null }}
            />
          ))}
        </>
      );
    default:
      return <RichText text={body} />;
  }
}

/** Null when a line has no price. */
function orderTotal(total: Money[], language: Language): string | null {
  if (total.length === 0) return null;
  const sums = total.map(({ amount, currency }) => formatMoney(Number(amount), currency, language));
  return `= ${sums.join(" + ")}`;
}
