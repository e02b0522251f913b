import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { MessageMedia } from "../../domain/message.ts";
import type { ContentOf } from "../../domain/message-content.ts";
import { formatBytes } from "../models/format.ts";
import { Icon } from "../parts/icon.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import styles from "./media-view.module.css";

const PhotoViewer = lazy(() => import("./photo-viewer.tsx"));

/** A signed address works for ten minutes. */
const ADDRESS_FRESH_MS = 8 * 60_000;

type MediaContent = ContentOf<"image" | "video" | "audio" | "document" | "sticker">;
type MediaViewProps = { media: MessageMedia; content: MediaContent };

/** A message's file, in a box whose size is known before the bytes are there, so that nothing moves when they come. */
export function MediaView({ media, content }: MediaViewProps) {
  const { strings } = useLanguage();
  const kind = {
    image: strings.inbox.photo,
    video: strings.inbox.video,
    audio: strings.inbox.audio,
    sticker: strings.inbox.sticker,
    document: strings.inbox.document,
  }[content.type];
  if (media.state === "stored") return <StoredMedia media={media} content={content} kind={kind} />;
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

function StoredMedia({ media, content, kind }: MediaViewProps & { kind: string }) {
  const { language, strings } = useLanguage();
  const { api } = useServices();
  const [isViewed, setViewed] = useState(false);
  const { data, refetch } = useQuery({
    queryKey: ["media", media.id],
    queryFn: () => api.request<{ url: string }>(`/media/${media.id}/address`, { method: "POST" }),
    staleTime: ADDRESS_FRESH_MS,
    refetchOnWindowFocus: false,
  });
  // An address that has run out is asked for anew.
  const onError = () => void refetch();
  const url = data?.url;
  switch (content.type) {
    case "image":
    case "sticker":
      return (
        <>
          <button
            type="button"
            className={`${styles.photo} ${content.type === "sticker" ? styles.sticker : ""}`}
            aria-label={strings.inbox.openPhoto}
            onClick={() => setViewed(true)}
          >
            {url && <img src={url} alt={content.caption ?? kind} onError={onError} loading="lazy" />}
          </button>
          {isViewed && url && (
            <Suspense>
              <PhotoViewer url={url} title={content.caption ?? kind} onClose={() => setViewed(false)} />
            </Suspense>
          )}
        </>
      );
    case "video":
    case "audio": {
      // Customers send no captions.
      const Player = content.type;
      return (
        <Player
          className={styles[Player]}
          src={url}
          controls
          preload="metadata"
          onError={onError}
          aria-label={kind}
        />
      );
    }
    case "document": {
      const { fileName, sizeBytes } = media;
      return (
        <a className={styles.document} href={url} download={fileName ?? ""} rel="noopener">
          <span className={styles.documentIcon}>
            <Icon name="file" size={22} />
          </span>
          <span className={styles.documentName}>
            <span className={styles.kind}>{fileName ?? kind}</span>
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
