import { use } from "react";
import type { MessageMedia } from "../../domain/message.ts";
import type { ContentOf } from "../../domain/message-content.ts";
import { formatBytes } from "../models/format.ts";
import { Icon } from "../parts/icon.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useMediaAddress } from "./media-address.ts";
import { MediaPlayer } from "./media-player.tsx";
import styles from "./media-view.module.css";
import { OpenPhotoContext } from "./photos.tsx";

type MediaContent = Pick<ContentOf<"image" | "video" | "audio" | "document" | "sticker">, "type" | "caption">;
type MediaViewProps = { messageId: number; media: MessageMedia; content: MediaContent };

/** A message's file, in a box whose size is known before the bytes are there, so that nothing moves when they come. */
export function MediaView({ messageId, media, content }: MediaViewProps) {
  const { strings } = useLanguage();
  const kind = {
    image: strings.inbox.photo,
    video: strings.inbox.video,
    audio: strings.inbox.audio,
    sticker: strings.inbox.sticker,
    document: strings.inbox.document,
  }[content.type];
  if (media.state === "stored") return <StoredMedia {...{ messageId, media, content, kind }} />;
  const text = {
    pending: strings.inbox.fileLoading,
    retrying: strings.inbox.fileLoading,
    expired: strings.inbox.fileExpired,
    refused: strings.inbox.fileRefused,
  }[media.state];
  return (
    <div className={styles.missing}>
      <Icon name={media.state === "pending" || media.state === "retrying" ? "clock" : "warning"} size={20} />
      <div>
        <p className={styles.kind}>{kind}</p>
        <p>{text}</p>
      </div>
    </div>
  );
}

function StoredMedia({ media, content, kind, messageId }: MediaViewProps & { kind: string }) {
  const { language, strings } = useLanguage();
  const openPhoto = use(OpenPhotoContext);
  const { url, renew } = useMediaAddress(media.id);
  switch (content.type) {
    case "image":
      return (
        <button
          type="button"
          className={styles.photo}
          aria-label={strings.inbox.openPhoto}
          onClick={() => openPhoto(messageId)}
        >
          {url && <img src={url} alt={content.caption ?? kind} onError={renew} loading="lazy" />}
        </button>
      );
    case "sticker":
      return (
        <span className={`${styles.photo} ${styles.sticker}`}>
          {url && <img src={url} alt={kind} onError={renew} loading="lazy" />}
        </span>
      );
    case "video":
    case "audio":
      return <MediaPlayer kind={content.type} url={url} label={kind} onError={renew} />;
    case "document": {
      const { fileName, sizeBytes } = media;
      return (
        <a className={styles.document} href={url} download={fileName ?? ""} rel="noopener">
          <span className={styles.documentIcon}>
            <Icon name="file" size={22} />
          </span>
          <span className={styles.documentName}>
            <bdi className={styles.kind}>{fileName ?? kind}</bdi>
            <span>
              {sizeBytes === null ? "" : `${formatBytes(sizeBytes, language)} · `}
              {strings.inbox.download}
            </span>
          </span>
          <Icon name="download" size={18} />
        </a>
      );
    }
  }
}
