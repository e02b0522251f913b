import { Dialog } from "@base-ui/react/dialog";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./sign-in.module.css";
import { SignInForm } from "./sign-in-form.tsx";

/** Covers the page once the token has expired. The page stays mounted below, with whatever was being written. */
export function SignInCover() {
  const strings = useStrings();
  return (
    <Dialog.Root open disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup className={`${styles.card} ${styles.cover}`}>
          <header className={styles.header}>
            <Dialog.Title className={styles.title}>{strings.signIn.expiredTitle}</Dialog.Title>
            <Dialog.Description className={styles.lead}>{strings.signIn.expiredLead}</Dialog.Description>
          </header>
          <SignInForm />
          <p className={styles.hint}>{strings.signIn.otherAgent}</p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
