import { Dialog } from "@base-ui/react/dialog";
import { IconButton } from "../parts/button.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./photo-viewer.module.css";

/** A photo over the whole page. Escape closes it and gives the focus back. */
export default function PhotoViewer({
  url,
  title,
  onClose,
}: {
  url: string;
  title: string;
  onClose(): void;
}) {
  const strings = useStrings();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.viewer}>
          <header className={styles.bar}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <a className={styles.download} href={url} download="">
              {strings.inbox.download}
            </a>
            <Dialog.Close
              render={<IconButton icon="close" label={strings.app.close} className={styles.close} />}
            />
          </header>
          <img className={styles.image} src={url} alt={title} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
