import type { PreviewedTemplate } from "../../http/contract.ts";
import { Icon } from "../parts/icon.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { RichText } from "./rich-text.tsx";
import type { TemplateFile } from "./template-file-field.tsx";
import styles from "./template-preview.module.css";

type Preview = PreviewedTemplate["preview"];
type Files = Record<string, TemplateFile>;

/** A template as the customer will see it, with the files that were chosen for it, by the keys of their fields. */
export function TemplatePreview({ preview, files }: { preview: Preview; files: Files }) {
  return (
    <div className={styles.message} dir="auto">
      <Card {...preview} file={files[`header.${preview.header?.kind}`]} />
      {preview.offer && <p className={styles.offer}>{preview.offer.text}</p>}
      {preview.footer && <p className={styles.footer}>{preview.footer}</p>}
      <Buttons buttons={preview.buttons} />
      {preview.cards.map((card, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a card has no other name than its place.
        <div key={i} className={styles.card}>
          <Card {...card} file={files[`cards.${i}.header.${card.header?.kind}`]} />
          <Buttons buttons={card.buttons} />
        </div>
      ))}
    </div>
  );
}

type CardProps = Pick<Preview, "header" | "body"> & { file: TemplateFile | undefined };

function Card({ header, body, file }: CardProps) {
  return (
    <>
      {header?.kind === "text" && <p className={styles.header}>{String(header.text)}</p>}
      {header && header.kind !== "text" && <HeaderFile kind={header.kind} file={file} />}
      <RichText text={body} />
    </>
  );
}

function HeaderFile({ kind, file }: { kind: string; file: TemplateFile | undefined }) {
  const { composer } = useStrings();
  if (file && kind === "image")
    return <img className={styles.picture} src={file.url} alt={composer.file.image} />;
  if (file && kind === "video")
    // biome-ignore lint/a11y/useMediaCaption: the agent's own file, without a sound until it is played.
    return <video className={styles.picture} src={file.url} controls preload="metadata" />;
  return (
    <div className={styles.media}>
      <Icon name={kind === "location" ? "pin" : "file"} size={28} />
      <bdi>{file?.filename ?? composer.file[kind] ?? kind}</bdi>
    </div>
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
