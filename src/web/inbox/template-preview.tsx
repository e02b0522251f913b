import type { PreviewedTemplate } from "../../http/contract.ts";
import { Icon } from "../parts/icon.tsx";
import { RichText } from "./rich-text.tsx";
import styles from "./template-preview.module.css";

type Preview = PreviewedTemplate["preview"];

/** A template as the customer will see it. */
export function TemplatePreview({ preview }: { preview: Preview }) {
  return (
    <div className={styles.message}>
      <Card {...preview} />
      {preview.offer && <p className={styles.offer}>{preview.offer.text}</p>}
      {preview.footer && <p className={styles.footer}>{preview.footer}</p>}
      <Buttons buttons={preview.buttons} />
      {preview.cards.map((card, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card has no other name than its place.
        <div key={i} className={styles.card}>
          <Card {...card} />
          <Buttons buttons={card.buttons} />
        </div>
      ))}
    </div>
  );
}

function Card({ header, body }: Pick<Preview, "header" | "body">) {
  return (
    <>
      {header?.kind === "text" && <p className={styles.header}>{String(header.text)}</p>}
      {header && header.kind !== "text" && (
        <div className={styles.media}>
          <Icon name={header.kind === "location" ? "pin" : "file"} size={28} />
          {header.kind}
        </div>
      )}
      <RichText text={body} />
    </>
  );
}

function Buttons({ buttons }: Pick<Preview, "buttons">) {
  if (buttons.length === 0) return null;
  return (
    <ul className={styles.buttons}>
      {buttons.map(({ kind, text, target }) => (
        <li key={`${kind} ${text}`}>
          {text}
          {target && <span className={styles.target}>{target}</span>}
        </li>
      ))}
    </ul>
  );
}
