import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import { IconButton } from "../parts/button.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useMediaAddress } from "./media-address.ts";
import styles from "./photo-viewer.module.css";
import type { Photo } from "./photos.tsx";

type PhotoViewerProps = {
  photos: readonly Photo[];
  index: number;
  onShow(index: number): void;
  onClose(): void;
};

/** A thread's photos over the whole page: ← → go through them, a click zooms, Escape closes and gives the focus back. */
export default function PhotoViewer({ photos, index, onShow, onClose }: PhotoViewerProps) {
  const { inbox, app } = useStrings();
  const photo = photos[index];
  const show = (next: number) => {
    if (next >= 0 && next < photos.length) onShow(next);
  };
  if (!photo) return null;
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.viewer}
          onKeyDown={({ key }) => {
            if (key === "ArrowLeft") show(index - 1);
            if (key === "ArrowRight") show(index + 1);
          }}
        >
          <OnePhoto key={photo.mediaId} photo={photo} />
          <Dialog.Close render={<IconButton icon="close" label={app.close} className={styles.close} />} />
          {photos.length > 1 && (
            <nav className={styles.steps} aria-label={inbox.photoOf(index + 1, photos.length)}>
              <IconButton
                icon="arrowLeft"
                label={inbox.previousPhoto}
                className={styles.step}
                // A disabled one would lose the focus, and ← → with it.
                aria-disabled={index === 0}
                onClick={() => show(index - 1)}
              />
              <span>{inbox.photoOf(index + 1, photos.length)}</span>
              <IconButton
                icon="arrowRight"
                label={inbox.nextPhoto}
                className={styles.step}
                aria-disabled={index === photos.length - 1}
                onClick={() => show(index + 1)}
              />
            </nav>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function OnePhoto({ photo }: { photo: Photo }) {
  const { inbox } = useStrings();
  const { url, renew } = useMediaAddress(photo.mediaId);
  const [isZoomed, setZoomed] = useState(false);
  return (
    <>
      <header className={styles.bar}>
        <Dialog.Title className={styles.title}>{photo.title}</Dialog.Title>
        {url && (
          <a className={styles.download} href={url} download="">
            {inbox.download}
          </a>
        )}
      </header>
      <div className={styles.place}>
        <button
          type="button"
          className={`${styles.zoom} ${isZoomed ? styles.zoomed : ""}`}
          aria-label={isZoomed ? inbox.zoomOut : inbox.zoomIn}
          onClick={() => setZoomed(!isZoomed)}
        >
          {url && <img className={styles.image} src={url} alt={photo.title} onError={renew} />}
        </button>
      </div>
    </>
  );
}
