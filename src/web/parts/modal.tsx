import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import { IconButton } from "./button.tsx";
import styles from "./modal.module.css";
import { useStrings } from "./strings-context.tsx";

type ModalProps = {
  title: string;
  onClose(): void;
  /** With it there is a button back to what the dialog showed before. */
  onBack?: (() => void) | undefined;
  /** What has the focus at first, instead of the first control. */
  focus?: RefObject<HTMLElement | null> | undefined;
  /** What has it once the dialog is closed; null for what had it before. */
  returnTo?: (() => HTMLElement | null) | undefined;
  children: ReactNode;
};

/** A dialog over the page. It keeps the focus, gives it back, and closes on Escape. */
export function Modal({ title, onClose, onBack, focus, returnTo, children }: ModalProps) {
  const strings = useStrings();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.popup}
          {...(focus && { initialFocus: focus })}
          {...(returnTo && { finalFocus: returnTo })}
        >
          <header className={styles.header}>
            {onBack && <IconButton icon="arrowLeft" label={strings.app.back} onClick={onBack} />}
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon="close" label={strings.app.close} />} />
          </header>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What is in a dialog, with its margins. */
export function ModalBody({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse it is scrolled by its keys.
    <div className={styles.body} tabIndex={0}>
      {children}
    </div>
  );
}
